module seccomp-webhook/benchmarks/load

go 1.26
