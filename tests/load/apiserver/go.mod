module seccomp-webhook/load/apiserver

go 1.26
