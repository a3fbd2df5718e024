import Glibc

/// How the machine's cores are shared among clips that are rendered at the same time.
///
/// Much of a graph's work is done by one thread, so clips side by side use the cores better than one clip on all
/// of them; but each may use more than its share, for when it is the last one.
package struct RenderBudget: Sendable {
    /// How many clips to render at the same time.
    package let clipsAtOnce: Int
    /// How many threads each of them gets for decoding and as many for encoding.
    package let threadsPerClip: Int

    /// What a clip may take of the memory, in bytes: a few hundred MiB for a source in HD, and more beyond.
    private static let memoryPerClip = 1 << 30

    /// The budget for a machine.
    ///
    /// - Parameters:
    ///   - cores: How many cores rendering may use; nil for all of them. Where it may use all, more clips than cores
    ///     are rendered at once, so that none idles while a clip waits for its programs to start and end.
    ///   - machine: How many cores there are.
    ///   - memory: How many bytes of memory there are; a machine has a little less than it is sold with.
    package init(cores: Int? = nil, of machine: Int, memory: Int = .max) {
        let rounded = memory / Self.memoryPerClip + (memory % Self.memoryPerClip) / (Self.memoryPerClip / 2)
        let affordable = max(1, min(8, rounded))
        let usable = min(cores ?? machine, machine)
        clipsAtOnce = max(1, min(affordable, usable < machine ? usable : 2 * machine))
        threadsPerClip = max(1, min(usable, 4))
    }

    /// The bytes of memory that this process may use: the machine's, or fewer where its control group has a limit
    /// (`memory.max` of cgroup v2).
    package static var memoryOfThisMachine: Int {
        let machine = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
        let file = open("/sys/fs/cgroup/memory.max", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return machine }
        defer { close(file) }
        let text = String(unsafeUninitializedCapacity: 32) { max(0, read(file, $0.baseAddress, $0.count)) }
        return text.split(separator: "\n").first.flatMap { Int($0) }.map { min(machine, $0) } ?? machine
    }
}
