/*
 * Intercepts the calls of a process on the files of one database (loaded with LD_PRELOAD). It logs them in a form that can be
  * replayed, and makes chosen operations fail.
 *
 *   DISK_SHIM_NAME     file name of the database; its "-wal" and "-journal" files are watched too
  *   DISK_SHIM_LOG      file to append the log to; without it, nothing is logged
  *   DISK_SHIM_CONTROL  file of eleven 64-bit numbers, shared with the process that arms the faults; without it, nothing fails
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { OP_WRITE = 1, OP_SYNC, OP_TRUNCATE, OP_CREATE, OP_REMOVE, OP_SYNC_FOLDER, OP_SYNC_FAILED };
enum { FAULT_ERROR = 1, FAULT_SHORT, FAULT_LOST, FAULT_SYNC };
enum { NOT_WATCHED, FILE_DATABASE, FILE_WAL, FILE_JOURNAL, FOLDER };
enum { MAX_FDS = 4096, CONTROL_NUMBERS = 11 };

struct control {
  int64_t operations, fail_at, persistent, fault, error, injected;
  int64_t writes_failed, syncs_failed, truncates_failed, short_writes, lost_writes;
};

struct record {
  uint32_t length;
  uint8_t operation, file;
  uint16_t unused;
  int64_t offset;
};

static unsigned char watched[MAX_FDS];
static struct control *control;
static const char *name;
static int log_fd = -1;

static void *next(const char *symbol) {
  void *found = dlsym(RTLD_NEXT, symbol);
  if (found == NULL) {
    fprintf(stderr, "disk shim: no %s in this C library\n", symbol);
    _exit(71);
  }
  return found;
}

static void fail_process(const char *what) {
  perror(what);
  _exit(71);
}

__attribute__((constructor)) static void begin(void) {
  const char *log_path = getenv("DISK_SHIM_LOG"), *control_path = getenv("DISK_SHIM_CONTROL");
  name = getenv("DISK_SHIM_NAME");
  if (log_path != NULL) {
    log_fd = syscall(SYS_openat, AT_FDCWD, log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log_fd < 0) fail_process("disk shim: log");
  }
  if (control_path != NULL) {
    int fd = syscall(SYS_openat, AT_FDCWD, control_path, O_RDWR | O_CLOEXEC, 0);
    if (fd < 0) fail_process("disk shim: control");
    control = mmap(NULL, CONTROL_NUMBERS * sizeof(int64_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (control == MAP_FAILED) fail_process("disk shim: control");
    syscall(SYS_close, fd);
  }
}

/* Uses one system call, so that entries of several threads never interleave. Preserves errno. */
static void log_operation(int operation, int file, int64_t offset, const void *data, size_t length) {
  int saved = errno;
  if (log_fd >= 0) {
    struct record record = {(uint32_t)length, (uint8_t)operation, (uint8_t)file, 0, offset};
    struct iovec parts[2] = {{&record, sizeof record}, {(void *)data, length}};
    ssize_t written = syscall(SYS_writev, log_fd, parts, length > 0 ? 2 : 1);
    if (written != (ssize_t)(sizeof record + length)) fail_process("disk shim: log");
  }
  errno = saved;
}

static int kind_of(const char *path) {
  if (name == NULL || path == NULL) return NOT_WATCHED;
  const char *base = strrchr(path, '/');
  base = base == NULL ? path : base + 1;
  size_t length = strlen(name);
  if (strncmp(base, name, length) != 0) return NOT_WATCHED;
  if (base[length] == 0) return FILE_DATABASE;
  if (strcmp(base + length, "-wal") == 0) return FILE_WAL;
  return strcmp(base + length, "-journal") == 0 ? FILE_JOURNAL : NOT_WATCHED;
}

static int kind_of_fd(int fd) { return fd >= 0 && fd < MAX_FDS ? watched[fd] : NOT_WATCHED; }

/* Counts an operation. Returns how it should fail, or 0. */
static int fault_of_next(int operation) {
  if (control == NULL) return 0;
  int64_t number = __sync_add_and_fetch(&control->operations, 1);
  if (control->fail_at == 0 || number < control->fail_at) return 0;
  if (control->fault == FAULT_SYNC) {
    if (operation != OP_SYNC || (control->injected > 0 && !control->persistent)) return 0;
    __sync_add_and_fetch(&control->injected, 1);
    return FAULT_ERROR;
  }
  if (number > control->fail_at && !control->persistent) return 0;
  if (control->fault != FAULT_ERROR && operation != OP_WRITE) return 0;
  __sync_add_and_fetch(&control->injected, 1);
  if (control->fault == FAULT_SHORT && control->short_writes > 0) return FAULT_ERROR;
  return (int)control->fault;
}

static int fail(int64_t *counter) {
  __sync_add_and_fetch(counter, 1);
  errno = (int)control->error;
  return -1;
}

static int open_watched(const char *symbol, const char *path, int flags, mode_t mode) {
  int (*original)(const char *, int, ...) = next(symbol);
  int kind = kind_of(path);
  struct stat status;
  int is_new = kind != NOT_WATCHED && (flags & O_CREAT) && stat(path, &status) != 0;
  int fd = original(path, flags, mode);
  if (fd >= 0 && fd < MAX_FDS) watched[fd] = (unsigned char)kind;
  if (fd >= 0 && is_new) log_operation(OP_CREATE, kind, 0, NULL, 0);
  return fd;
}

static mode_t mode_of(int flags, va_list arguments) {
  return (flags & (O_CREAT | O_TMPFILE)) ? va_arg(arguments, mode_t) : 0;
}

int open(const char *path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_watched("open", path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_watched("open64", path, flags, mode);
}

int close(int fd) {
  static int (*original)(int);
  if (original == NULL) original = next("close");
  if (fd >= 0 && fd < MAX_FDS) watched[fd] = NOT_WATCHED;
  return original(fd);
}

static ssize_t write_at(int kind, int fd, const void *data, size_t length, off64_t offset) {
  size_t wanted = length;
  switch (fault_of_next(OP_WRITE)) {
    case FAULT_ERROR:
      return fail(&control->writes_failed);
    case FAULT_LOST:
      __sync_add_and_fetch(&control->lost_writes, 1);
      return (ssize_t)length;
    case FAULT_SHORT:
      __sync_add_and_fetch(&control->short_writes, 1);
      wanted = length / 2;
  }
  ssize_t written = syscall(SYS_pwrite64, fd, data, wanted, offset);
  if (written > 0) log_operation(OP_WRITE, kind, offset, data, (size_t)written);
  return written;
}

ssize_t pwrite64(int fd, const void *data, size_t length, off64_t offset) {
  int kind = kind_of_fd(fd);
  if (kind == NOT_WATCHED) return syscall(SYS_pwrite64, fd, data, length, offset);
  return write_at(kind, fd, data, length, offset);
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t offset) {
  return pwrite64(fd, data, length, offset);
}

ssize_t write(int fd, const void *data, size_t length) {
  static ssize_t (*original)(int, const void *, size_t);
  if (original == NULL) original = next("write");
  int kind = kind_of_fd(fd);
  if (kind == NOT_WATCHED) return original(fd, data, length);
  off64_t offset = lseek64(fd, 0, SEEK_CUR);
  ssize_t written = write_at(kind, fd, data, length, offset);
  if (written > 0) lseek64(fd, offset + written, SEEK_SET);
  return written;
}

static int is_folder(int fd) {
  struct stat status;
  return fstat(fd, &status) == 0 && S_ISDIR(status.st_mode);
}

static int sync_watched(const char *symbol, int fd) {
  int (*original)(int) = next(symbol);
  int kind = kind_of_fd(fd);
  if (kind == NOT_WATCHED && is_folder(fd)) kind = FOLDER;
  if (kind == NOT_WATCHED) return original(fd);
  if (fault_of_next(OP_SYNC)) {
    log_operation(OP_SYNC_FAILED, kind, 0, NULL, 0);
    return fail(&control->syncs_failed);
  }
  int result = original(fd);
  if (result == 0) log_operation(kind == FOLDER ? OP_SYNC_FOLDER : OP_SYNC, kind, 0, NULL, 0);
  return result;
}

int fsync(int fd) { return sync_watched("fsync", fd); }

int fdatasync(int fd) { return sync_watched("fdatasync", fd); }

int ftruncate64(int fd, off64_t size) {
  int kind = kind_of_fd(fd);
  if (kind != NOT_WATCHED && fault_of_next(OP_TRUNCATE)) return fail(&control->truncates_failed);
  int result = syscall(SYS_ftruncate, fd, size);
  if (result == 0 && kind != NOT_WATCHED) log_operation(OP_TRUNCATE, kind, size, NULL, 0);
  return result;
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

int unlink(const char *path) {
  static int (*original)(const char *);
  if (original == NULL) original = next("unlink");
  int result = original(path);
  int kind = kind_of(path);
  if (result == 0 && kind != NOT_WATCHED) log_operation(OP_REMOVE, kind, 0, NULL, 0);
  return result;
}

/* SQLite never renames these files. If that changes, the proof must learn to replay it. */
int rename(const char *from, const char *to) {
  static int (*original)(const char *, const char *);
  if (original == NULL) original = next("rename");
  if (log_fd >= 0 && (kind_of(from) != NOT_WATCHED || kind_of(to) != NOT_WATCHED)) {
    fprintf(stderr, "disk shim: cannot replay a rename of %s to %s\n", from, to);
    _exit(71);
  }
  return original(from, to);
}
