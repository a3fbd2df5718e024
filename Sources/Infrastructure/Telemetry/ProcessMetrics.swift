package import Application
import Glibc

/// Tells of this process under the names that Prometheus' client libraries have for it.
package enum ProcessMetrics {
    /// Has metrics tell of this process.
    ///
    /// - Parameter version: The program's version.
    package static func tell(_ metrics: Metrics, version: String) {
        func number(_ definition: MetricDefinition, _ read: @escaping @Sendable () -> Double?) {
            metrics.collect(definition) { read().map { [MetricSample(.number($0))] } ?? [] }
        }
        number(.residentMemory) { pages().map { Double($0.resident * sysconf(Int32(_SC_PAGESIZE))) } }
        number(.virtualMemory) { pages().map { Double($0.virtual * sysconf(Int32(_SC_PAGESIZE))) } }
        number(.processorTime) { processorSeconds() }
        number(.openDescriptors) { openDescriptors().map(Double.init) }
        number(.mostDescriptors) {
            var limit = rlimit()
            return getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
                ? Double(limit.rlim_cur) : nil
        }
        number(.threads) { field(17).map(Double.init) }
        let started = startSeconds()
        number(.startTime) { started }
        metrics.collect(.buildInfo) { [MetricSample([version], .count(1))] }
    }

    private static func pages() -> (virtual: Int, resident: Int)? {
        guard let text = text(of: "/proc/self/statm") else { return nil }
        let numbers = text.split(separator: " ").prefix(2).compactMap { Int($0) }
        return numbers.count == 2 ? (numbers[0], numbers[1]) : nil
    }

    private static func processorSeconds() -> Double? {
        var time = timespec()
        guard clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return nil }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func openDescriptors() -> Int? {
        guard let folder = opendir("/proc/self/fd") else { return nil }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        // The folder itself, where it lies and the look at it are no open files of ours.
        return max(0, count - 3)
    }

    /// When the process was started, in seconds since 1970 (proc(5), field 22: ticks since the machine was started).
    private static func startSeconds() -> Double? {
        guard let ticks = field(19), let uptime = text(of: "/proc/uptime")?.split(separator: " ").first,
            let sinceStart = Double(uptime)
        else { return nil }
        let age = sinceStart - Double(ticks) / Double(sysconf(Int32(_SC_CLK_TCK)))
        return Double(time(nil)) - age
    }

    /// A number of `/proc/self/stat`, counted from behind the name of the program, which may hold anything.
    private static func field(_ place: Int) -> Int? {
        guard let text = text(of: "/proc/self/stat"), let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[end...].split(separator: " ")
        return place + 1 < fields.count ? Int(fields[place + 1]) : nil
    }

    private static func text(of path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = read(descriptor, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
    }
}
