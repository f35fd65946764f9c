/* Builds filters with libseccomp and writes their programs: one request a line, one answer a line.
 * First it says the version of the library.
 *
 * Request: words with a blank between them. The default action (hex), whether to sort by number (0 or 2), how many
 * architectures and their names, how many rules, and for each rule: action (hex), name, how many conditions, and
 * for each: argument, operator (libseccomp's number), two values (hex).
 * Answer: "program" and the bytes in hex, or "refused" and the error; "lost" where libseccomp does not come back:
 * each filter is built in a process of its own, because some make it run for ever.
 */
#include <errno.h>
#include <seccomp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static char *next(void) {
    char *word = strtok(NULL, " \n");
    if (word == NULL) {
        fprintf(stderr, "export: the request is too short\n");
        _exit(2);
    }
    return word;
}

static unsigned long number(int base) { return strtoul(next(), NULL, base); }

static int refused(int error) {
    printf("refused %d\n", -error);
    return 0;
}

static int add_rule(scmp_filter_ctx filter) {
    struct scmp_arg_cmp conditions[6];
    uint32_t action = number(16);
    int call = seccomp_syscall_resolve_name(next());
    unsigned count = number(10);
    for (unsigned at = 0; at < count; at++) {
        conditions[at].arg = number(10);
        conditions[at].op = number(10);
        conditions[at].datum_a = number(16);
        conditions[at].datum_b = number(16);
    }
    /* Names that the library does not know are left out, as runc and crun do. */
    return call == __NR_SCMP_ERROR ? 0 : seccomp_rule_add_array(filter, action, call, count, conditions);
}

static int answer(char *request) {
    uint32_t action = strtoul(strtok(request, " \n"), NULL, 16);
    uint32_t sorting = number(10);
    scmp_filter_ctx filter = seccomp_init(action);
    if (filter == NULL)
        return refused(-EINVAL);
    if (sorting && seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, sorting) < 0)
        return 2;
    for (unsigned left = number(10); left > 0; left--) {
        int result = seccomp_arch_add(filter, seccomp_arch_resolve_name(next()));
        if (result < 0 && result != -EEXIST)
            return refused(result);
    }
    for (unsigned left = number(10); left > 0; left--) {
        int result = add_rule(filter);
        if (result < 0)
            return refused(result);
    }
    FILE *program = tmpfile();
    if (program == NULL || seccomp_export_bpf(filter, fileno(program)) < 0)
        return 2;
    rewind(program);
    printf("program ");
    for (int byte = getc(program); byte != EOF; byte = getc(program))
        printf("%02x", byte);
    printf("\n");
    return 0;
}

int main(void) {
    char *request = NULL;
    size_t size = 0;
    /* Time of the processor, so that a busy machine changes nothing. */
    const struct rlimit most = {1, 2};
    const struct scmp_version *version = seccomp_version();
    printf("%u.%u.%u\n", version->major, version->minor, version->micro);
    fflush(stdout);
    while (getline(&request, &size, stdin) > 0) {
        int status;
        fflush(stdout);
        pid_t child = fork();
        if (child < 0)
            return 2;
        if (child == 0) {
            setrlimit(RLIMIT_CPU, &most);
            int result = answer(request);
            fflush(stdout);
            _exit(result);
        }
        if (waitpid(child, &status, 0) != child)
            return 2;
        if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
            return 2;
        if (WIFSIGNALED(status))
            printf("lost %d\n", WTERMSIG(status));
        fflush(stdout);
    }
    return 0;
}
