package main

import (
	"fmt"
	"os"
	"sync"
	"syscall"
)

// A file that is read again when it changes. One that cannot be parsed leaves what was last good.
type watched[T any] struct {
	path  string
	parse func([]byte) (T, error)
	lock  sync.Mutex
	state [4]int64
	value T
	known bool
}

// What is in the file, and whether that is new to whoever asked last. An error only if nothing was ever good.
func (w *watched[T]) now() (value T, changed bool, err error) {
	w.lock.Lock()
	defer w.lock.Unlock()
	info, err := os.Stat(w.path)
	if err != nil {
		return w.last(err)
	}
	inode := int64(0)
	if raw, ok := info.Sys().(*syscall.Stat_t); ok {
		inode = int64(raw.Ino)
	}
	state := [4]int64{inode, info.Size(), info.ModTime().UnixNano(), 1}
	if state == w.state {
		return w.value, false, nil
	}
	content, err := os.ReadFile(w.path)
	if err != nil {
		return w.last(err)
	}
	parsed, err := w.parse(content)
	if err != nil {
		return w.last(fmt.Errorf("%s: %w", w.path, err))
	}
	w.value, w.state, w.known = parsed, state, true
	return parsed, true, nil
}

func (w *watched[T]) last(err error) (T, bool, error) {
	if w.known {
		err = nil
	}
	return w.value, false, err
}
