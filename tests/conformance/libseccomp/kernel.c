/* Makes system calls under filters: one request a line, one answer a line.
 *
 * Request: the bytes of the program in hex, the number of the call, its six arguments (hex).
 * Answer: "returned", or "errno", or "signal" with the number; each call is made by a process of its own.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static struct sock_filter instructions[4096];

static int load(const char *hex) {
    size_t bytes = strlen(hex) / 2;
    if (bytes > sizeof instructions)
        return -1;
    for (size_t at = 0; at < bytes; at++) {
        unsigned byte;
        sscanf(hex + 2 * at, "%2x", &byte);
        ((unsigned char *)instructions)[at] = byte;
    }
    struct sock_fprog program = {bytes / sizeof instructions[0], instructions};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        return -1;
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

int main(void) {
    char *request = NULL;
    size_t size = 0;
    while (getline(&request, &size, stdin) > 0) {
        int status, answers[2], answer[2] = {0, 0};
        if (pipe(answers) < 0)
            return 2;
        fflush(stdout);
        pid_t child = fork();
        if (child == 0) {
            unsigned long call[7];
            const char *hex = strtok(request, " \n");
            for (int at = 0; at < 7; at++)
                call[at] = strtoul(strtok(NULL, " \n"), NULL, 16);
            if (load(hex) < 0)
                _exit(3);
            long result = syscall(call[0], call[1], call[2], call[3], call[4], call[5], call[6]);
            answer[0] = result < 0;
            answer[1] = result < 0 ? errno : (int)result;
            _exit(write(answers[1], answer, sizeof answer) == sizeof answer ? 0 : 4);
        }
        close(answers[1]);
        if (child < 0 || waitpid(child, &status, 0) != child)
            return 2;
        if (WIFSIGNALED(status))
            printf("signal %d\n", WTERMSIG(status));
        else if (WEXITSTATUS(status) != 0 || read(answers[0], answer, sizeof answer) != sizeof answer)
            return 2;
        else
            printf("%s %d\n", answer[0] ? "errno" : "returned", answer[1]);
        close(answers[0]);
        fflush(stdout);
    }
    return 0;
}
