/* A wrong time of day, to be loaded before the C library: CLOCK_OFFSET names a file with the seconds by which it
   is wrong, as a native 64-bit number, which may change at any time. Clocks that only grow are left alone.

   libfaketime 0.9.10, Debian 12's, would do but for Python's time.sleep, which fails under it. Nothing is
   included, so that a compiler is all that must be installed. */

struct timespec { long sec, nsec; };
struct timeval { long sec, usec; };

extern char *getenv(const char *);
extern int open(const char *, int, ...);
extern void *mmap(void *, unsigned long, int, int, int, long);
extern void *dlsym(void *, const char *);

enum { REALTIME = 0, REALTIME_COARSE = 5, READ = 1, SHARED = 1, READ_ONLY = 0 };
#define NEXT ((void *)-1L)

static const long long right;
static volatile const long long *offset = &right;
static int (*real_clock_gettime)(int, struct timespec *);

__attribute__((constructor)) static void find(void) {
    const char *place = getenv("CLOCK_OFFSET");
    int file = place ? open(place, READ_ONLY) : -1;
    real_clock_gettime = dlsym(NEXT, "clock_gettime");
    if (file >= 0) {
        void *mapped = mmap(0, sizeof *offset, READ, SHARED, file, 0);
        if (mapped != (void *)-1L) offset = mapped;
    }
}

int clock_gettime(int clock, struct timespec *now) {
    if (!real_clock_gettime) find();
    int status = real_clock_gettime(clock, now);
    if (status == 0 && (clock == REALTIME || clock == REALTIME_COARSE)) now->sec += *offset;
    return status;
}

int gettimeofday(struct timeval *now, void *zone) {
    struct timespec exact;
    (void)zone;
    int status = clock_gettime(REALTIME, &exact);
    now->sec = exact.sec;
    now->usec = exact.nsec / 1000;
    return status;
}

long time(long *where) {
    struct timespec now;
    clock_gettime(REALTIME_COARSE, &now);
    if (where) *where = now.sec;
    return now.sec;
}

int timespec_get(struct timespec *now, int base) {
    return clock_gettime(REALTIME, now) == 0 ? base : 0;
}
