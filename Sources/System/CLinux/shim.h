#pragma once
// System calls and GNU extensions that Swift's Glibc module leaves out.
#include <elf.h>
#include <linux/fs.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *, int);
extern int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *, const char *);

// The kernel's number of the calling thread. pthread_self() is declared to be constant, so that a compiler may take what
// it said before a suspension for what it would say after it.
static inline int linux_thread_id(void) { return (int)syscall(SYS_gettid); }

static inline int linux_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }
static inline int linux_pidfd_send_signal(int process, int signal) {
    return (int)syscall(SYS_pidfd_send_signal, process, signal, (void *)0, 0);
}
static inline int linux_pipe2(int descriptors[2], int flags) { return (int)syscall(SYS_pipe2, descriptors, flags); }

// Starts writing the dirty pages of a part of a file, without waiting for them.
static inline int linux_start_writeback(int file, int64_t offset, int64_t count) {
    return (int)syscall(SYS_sync_file_range, file, offset, count, 2 /* SYNC_FILE_RANGE_WRITE */);
}

// Makes `to` share the blocks of `from`, where the file system can.
static inline int linux_reflink(int from, int to) { return ioctl(to, FICLONE, from); }

// Which module owns the constants of <sys/socket.h> depends on who includes it first, so they stay out of Swift.
static inline int linux_stream_socket(int family) {
    return (int)syscall(SYS_socket, family, 1 /* SOCK_STREAM */ | EFD_CLOEXEC, 0);
}
static inline int linux_accept_blocking(int listener) {
    return (int)syscall(SYS_accept4, listener, (void *)0, (void *)0, EFD_CLOEXEC);
}
// How many bytes the other end of a TCP connection has taken, or -1 where the kernel does not say.
static inline int64_t linux_acknowledged_bytes(int socket) {
    // struct tcp_info of <linux/tcp.h>, whose twin in <netinet/tcp.h> ends before tcpi_bytes_acked.
    struct { unsigned char before[120]; uint64_t acknowledged; } info = {{0}, 0};
    unsigned int length = sizeof info;
    long failed = syscall(SYS_getsockopt, socket, 6 /* IPPROTO_TCP */, 11 /* TCP_INFO */, &info, &length);
    return failed || length < sizeof info ? -1 : (int64_t)info.acknowledged;
}
static inline int linux_shutdown_sending(int socket) { return (int)syscall(SYS_shutdown, socket, 1 /* SHUT_WR */); }
static inline int linux_shutdown(int socket) { return (int)syscall(SYS_shutdown, socket, 2 /* SHUT_RDWR */); }
static inline int linux_nonblocking_socket(int family) {
    return (int)syscall(SYS_socket, family, 1 /* SOCK_STREAM */ | EFD_NONBLOCK | EFD_CLOEXEC, 0);
}
static inline int linux_accept_nonblocking(int listener, void *address, unsigned int *length) {
    return (int)syscall(SYS_accept4, listener, address, length, EFD_NONBLOCK | EFD_CLOEXEC);
}
static inline ssize_t linux_receive_at_once(int socket, void *buffer, size_t size) {
    return syscall(SYS_recvfrom, socket, buffer, size, 0x40 /* MSG_DONTWAIT */, (void *)0, (void *)0);
}
static inline ssize_t linux_send_at_once(int socket, const void *buffer, size_t size) {
    return syscall(SYS_sendto, socket, buffer, size, 0x4040 /* MSG_NOSIGNAL | MSG_DONTWAIT */, (void *)0, 0);
}

// A program or library that is loaded: the beginning of struct dl_phdr_info of <link.h>, a GNU extension.
struct linux_loaded_object {
    Elf64_Addr base;
    const char *name;
    const Elf64_Phdr *segments;
    Elf64_Half count;
};
extern int dl_iterate_phdr(int (*)(struct linux_loaded_object *, size_t, void *), void *);

static inline int linux_let_go_of_object(struct linux_loaded_object *object, size_t size, void *context) {
    const Elf64_Addr page = (Elf64_Addr)sysconf(_SC_PAGESIZE);
    for (int index = 0; index < object->count; index++) {
        const Elf64_Phdr *segment = object->segments + index;
        // What may be written, be it by the loader alone, is not in the file as it is in memory.
        if (segment->p_type != PT_LOAD || segment->p_flags & PF_W) continue;
        Elf64_Addr start = (object->base + segment->p_vaddr) & ~(page - 1);
        Elf64_Addr end = (object->base + segment->p_vaddr + segment->p_memsz + page - 1) & ~(page - 1);
        syscall(SYS_madvise, start, end - start, 4 /* MADV_DONTNEED */);
    }
    return 0;
}

// Gives back the memory into which files of code are mapped; what is used again comes from the kernel's cache.
static inline void linux_let_go_of_code(void) { dl_iterate_phdr(linux_let_go_of_object, (void *)0); }
