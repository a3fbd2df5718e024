import Glibc

/// How many files and sockets the process may have open at once.
enum DescriptorLimit {
    /// Raises the limit to the most that the system allows.
    ///
    /// The usual 1,024 guards programs that call `select`; nothing here does, and children get the usual limit back.
    static func raise() {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        // Where the system refuses, the server bears fewer connections.
        _ = setrlimit(resource, &limit)
    }
}
