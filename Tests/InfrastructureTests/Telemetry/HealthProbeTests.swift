import Application
import Domain
import FoundationEssentials
import Glibc
import Infrastructure
import Synchronization
import Testing

@Suite("Looks at process and machine")
struct HealthProbeTests {
    /// A folder that stands for the root of a machine.
    private func machine(_ files: [String: String]) throws -> String {
        let root = MachineFolder.make()
        for (path, text) in files {
            let folder = "\(root)/\(path)".split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(filePath: "\(root)/\(path)"))
        }
        return root
    }

    private enum MachineFolder {
        static func make() -> String {
            var template = Array("/tmp/cutroom-machine-XXXXXX".utf8CString)
            return mkdtemp(&template).map { String(cString: $0) } ?? "/tmp"
        }
    }

    private static let pages = "200 100 10 1 0 50 0\n"
    private static let meminfo = "MemTotal:       1000 kB\nMemFree: 10 kB\n"

    @Test(
        "O38: resident memory is held against the limit of the control group, new or old, or what the machine has",
        arguments: [
            // Nothing is limited: 409,600 of 1,024,000 bytes.
            (["proc/self/cgroup": "0::/\n"], 0.4, HealthLevel.healthy),
            (["proc/self/cgroup": "0::/app\n", "sys/fs/cgroup/app/memory.max": "max\n"], 0.4, .healthy),
            (["proc/self/cgroup": "0::/app\n", "sys/fs/cgroup/app/memory.max": "512000\n"], 0.8, .degraded),
            // The group around it counts too.
            (
                [
                    "proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/b/memory.max": "max\n",
                    "sys/fs/cgroup/a/memory.max": "819200\n",
                ], 0.5, .healthy
            ),
            (
                [
                    "proc/self/cgroup": "9:cpu,cpuacct:/x\n4:memory:/x\n",
                    "sys/fs/cgroup/memory/x/memory.limit_in_bytes": "455111\n",
                ], 0.9, .degraded
            ),
            // In a container only the root of the group is there, and this number means no limit.
            (
                [
                    "proc/self/cgroup": "4:memory:/docker/1\n",
                    "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
                ], 0.4, .healthy
            ),
        ] as [([String: String], Double, HealthLevel)])
    func memory(_ files: [String: String], _ share: Double, _ level: HealthLevel) async throws {
        var files = files
        files["proc/self/statm"] = Self.pages
        files["proc/meminfo"] = Self.meminfo
        let root = try machine(files)
        defer { try? FileManager.default.removeItem(atPath: root) }
        let health = await MemoryProbe(root: root).check()
        let used = try #require(health.measurements.first { $0.name == "used_ratio" }?.value)
        #expect(abs(used - share) < 0.01)
        #expect(health.level == level)
    }

    @Test("O38: what the kernel does not tell is unknown, not nothing")
    func unknown() async throws {
        let root = try machine([:])
        defer { try? FileManager.default.removeItem(atPath: root) }
        let health = await MemoryProbe(root: root).check()
        #expect(health.level == .unknown && health.measurements.isEmpty)
        #expect(await MemoryProbe().check().level != .unknown)
    }

    @Test("O38: the processor's share is measured between two looks, and being held back is told")
    func cpu() async throws {
        let root = try machine([
            "proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.stat": "nr_periods 100\nnr_throttled 0\n",
        ])
        defer { try? FileManager.default.removeItem(atPath: root) }
        let probe = CPUProbe(root: root)
        #expect(await probe.check().measurements.isEmpty)
        try Data("nr_periods 200\nnr_throttled 50\n".utf8).write(
            to: URL(filePath: "\(root)/sys/fs/cgroup/cpu.stat"))
        let health = await probe.check()
        #expect(health.measurements.map(\.name) == ["used_ratio", "throttled_ratio"])
        #expect(health.measurements.last?.value == 0.5 && health.level == .degraded)
    }

    @Test("O38: open descriptors are counted")
    func descriptors() async throws {
        func open() async throws -> Double {
            try #require(await DescriptorProbe().check().measurements.first { $0.name == "open" }?.value)
        }
        let before = try await open()
        let files = (0..<200).map { _ in Glibc.open("/dev/null", O_RDONLY | O_CLOEXEC) }
        defer { files.forEach { close($0) } }
        // Other tests open and close meanwhile.
        #expect(try await open() > before + 100)
    }

    @Test("O38: a wall clock that jumps is told of for a while; one that is brought into step is not")
    func clock() async {
        let now = Mutex<(wall: Int64, steady: Int64)>((1_000_000, 0))
        let probe = ClockProbe { now.withLock { $0 } }
        func look(wall: Int64, steady: Int64) async -> HealthLevel {
            now.withLock { $0 = ($0.wall + wall, $0.steady + steady) }
            return await probe.check().level
        }
        #expect(await look(wall: 0, steady: 0) == .healthy)
        #expect(await look(wall: 11_000, steady: 10_000) == .healthy)
        #expect(await look(wall: -3_600_000, steady: 10_000) == .degraded)
        #expect(await probe.check().measurements == [HealthMeasurement("jump_seconds", -3610, .seconds)])
        #expect(await look(wall: 290_000, steady: 290_000) == .degraded)
        #expect(await look(wall: 20_000, steady: 20_000) == .healthy)
    }

    @Test("O38: the queue tells how much is ready and for how long the next job has waited")
    func queue() async throws {
        let (store, clock) = (InMemoryStore(), InMemoryClock())
        let probe = QueueProbe(store: store, clock: clock)
        #expect(await probe.check().measurements.map(\.value) == [0, 0])
        let identifiers = IdentifierMaker(clock: clock, random: SeededRandomSource(seed: 1))
        let job = Job(id: identifiers.make(), kind: "test", now: clock.now())
        try await store.write { writer in _ = try writer.jobWriter.insert(job) }
        clock.advance(by: .seconds(600))
        #expect(await probe.check().measurements.map(\.value) == [1, 600])
        #expect(await probe.check().level == .healthy)
        clock.advance(by: .seconds(600))
        #expect(await probe.check().level == .degraded)
    }

    @Test(
        "O38: a program's file tells its age without being run; one that must be fresh is degraded when it is not"
    )
    func programs() async throws {
        let root = try machine(["tool": "#!/bin/false\n"])
        defer { try? FileManager.default.removeItem(atPath: root) }
        let path = "\(root)/tool"
        chmod(path, 0o755)
        var times = [timespec(tv_sec: time(nil) - 200 * 86_400, tv_nsec: 0), timespec()]
        times[1] = times[0]
        utimensat(AT_FDCWD, path, times, 0)
        func look(_ program: String, essential: Bool = false, most days: Int? = nil) async -> ComponentHealth
        {
            await ProgramProbe(
                name: "tool", program: program, purpose: "nothing", isEssential: essential,
                mostAge: days.map { .seconds($0 * 86_400) }
            ).check()
        }
        #expect(await look(path).level == .healthy)
        #expect(await look(path, most: 120).level == .degraded)
        #expect(await look(path, most: 300).level == .healthy)
        #expect(await look("\(root)/none", most: 1).level == .healthy)
        #expect(await look("\(root)/none", essential: true).level == .unhealthy)
    }

    @Test(
        "O38: new work leaves a part of the disk alone, by default a twentieth and never less than the floor")
    func budget() throws {
        let ordinary = DiskBudget(folder: "/tmp", reserve: nil)
        #expect(ordinary.reserve >= FileMediaStore.defaultFloor)
        #expect(ordinary.reserve <= DiskBudget.mostByDefault)
        #expect(DiskBudget(folder: "/tmp", reserve: 1).reserve == FileMediaStore.defaultFloor)
        #expect(throws: PortError.self) {
            try DiskBudget(folder: "/tmp", reserve: .max).requireRoom()
        }
        #expect(throws: PortError.self) { try DiskBudget(folder: "/nowhere", reserve: 1).requireRoom() }
    }
}
