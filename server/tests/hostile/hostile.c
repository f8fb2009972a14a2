/* What somebody else's code tries that has taken over a child. As a library it stands in PDFium's place, which it has
 * below it, and tries one thing for each page of a certain width; as a program it stands in Tesseract's and tries all.
 * Where things are is given when it is compiled: DATABASE, BLOBS, OUTSIDE, PORT. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int network(void) {
    struct sockaddr_in there = {.sin_family = AF_INET, .sin_port = htons(PORT)};
    there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int out = socket(AF_INET, SOCK_STREAM, 0);
    return out >= 0 && connect(out, (struct sockaddr *)&there, sizeof there) == 0;
}

static int database(void) { return open(DATABASE, O_RDONLY) >= 0 || open(DATABASE, O_WRONLY) >= 0; }

static int blobs(void) {
    return opendir(BLOBS) != NULL || open(BLOBS "/hostile", O_CREAT | O_WRONLY, 0600) >= 0;
}

/* The database's password may be in there. */
static int environment(void) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/environ", getppid());
    return open(path, O_RDONLY) >= 0;
}

static int file(void) { return open(OUTSIDE "/hostile", O_CREAT | O_WRONLY, 0600) >= 0; }

static int link_(void) { return symlink(DATABASE, OUTSIDE "/link") == 0 || symlink(DATABASE, "link") == 0; }

static int mode(void) { return chmod(OUTSIDE "/file", 0777) == 0; }

static int fork_(void) {
    pid_t child = fork();
    if (child == 0) _exit(0);
    return child > 0;
}

static int program(void) {
    execl("/bin/sh", "sh", "-c", "echo hostile: program POSSIBLE >&2", NULL);
    return 0;
}

static int signal_(void) { return kill(getppid(), SIGTERM) == 0; }

static int trace(void) { return ptrace(PTRACE_SEIZE, getppid(), 0, 0) == 0; }

static int session(void) { return setsid() >= 0 || setpgid(0, 0) == 0; }

static int memory(void) {
    for (int gigabytes = 0; gigabytes < 10; gigabytes++) {
        void *more = mmap(NULL, 1ul << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (more == MAP_FAILED) return 0;
    }
    return 1;
}

/* Ten gigabytes in its own folder, where it has one. */
static int length(void) {
    signal(SIGXFSZ, SIG_IGN);
    int own = open("long", O_CREAT | O_WRONLY, 0600);
    return own >= 0 && ftruncate(own, 10l << 30) == 0;
}

/* It ends when nobody listens any more. */
static int output(void) {
    char mad[1 << 16];
    memset(mad, 0xff, sizeof mad);
    signal(SIGPIPE, SIG_IGN);
    for (long bytes = 0; bytes < 10l << 30;) {
        long written = write(1, mad, sizeof mad);
        if (written < 0) return 0;
        bytes += written;
    }
    return 1;
}

static const struct {
    const char *name;
    int (*possible)(void);
} TRIES[] = {
    {"network", network},   {"database", database}, {"blobs", blobs},     {"environment", environment},
    {"file", file},         {"link", link_},        {"mode", mode},       {"fork", fork_},
    {"program", program},   {"signal", signal_},    {"trace", trace},     {"session", session},
    {"memory", memory},     {"length", length},     {"output", output},
};
enum { COUNT = sizeof TRIES / sizeof *TRIES };

static void try(int at) {
    dprintf(2, "hostile: %s tried\n", TRIES[at].name);
    int possible = TRIES[at].possible();
    dprintf(2, "hostile: %s %s\n", TRIES[at].name, possible ? "POSSIBLE" : "refused");
}

#ifdef LIBRARY
/* Page 601 points wide: the first of them. */
void *FPDF_LoadPage(void *document, int index) {
    void *(*load)(void *, int) = (void *(*)(void *, int))dlsym(RTLD_NEXT, "FPDF_LoadPage");
    double (*width)(void *) = (double (*)(void *))dlsym(RTLD_NEXT, "FPDF_GetPageWidth");
    void *page = load(document, index);
    int at = page == NULL ? -1 : (int)(width(page) + 0.5) - 601;
    if (at >= 0 && at < COUNT) {
        try(at);
        abort();
    }
    return page;
}
#else
/* Lying pages are attacked; on upright ones it reads three letters. */
int main(int count, char **arguments) {
    if (count == 2) {
        puts(strcmp(arguments[1], "--version") == 0 ? "hostile 1" : "zh");
        return 0;
    }
    int width = 0, height = 0;
    FILE *picture = fopen(arguments[1], "r");
    if (picture == NULL || fscanf(picture, "P5 %d %d", &width, &height) != 2) return 1;
    if (width > height) {
        for (int at = 0; at < COUNT; at++) {
            /* It may do these: they cost its time and its folder. */
            const char *name = TRIES[at].name;
            if (strcmp(name, "fork") && strcmp(name, "program") && strcmp(name, "output")) try(at);
        }
        return 1;
    }
    char name[256];
    snprintf(name, sizeof name, "%s.hocr", arguments[2]);
    FILE *out = fopen(name, "w");
    if (out == NULL) return 1;
    fputs("<html><span class='ocr_line' title='baseline 0 0'><span class='ocrx_word'>", out);
    const char *letters[] = {"\xe5\x80\x9f", "\xe6\xac\xbe", "\xe5\x90\x88", "\xe5\x90\x8c"};
    for (int at = 0; at < 4; at++) {
        int left = 100 + 20 * at;
        fprintf(out, "<span class='ocrx_cinfo' title='x_bboxes %d 50 %d 70; x_conf 99'>%s</span>", left, left + 18,
                letters[at]);
    }
    fputs("</span></span></html>", out);
    return fclose(out);
}
#endif
