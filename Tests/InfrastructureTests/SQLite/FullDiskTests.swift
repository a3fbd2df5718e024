import Application
import Domain
import Glibc
import Infrastructure
import TestSupport
import Testing

@Suite("a full disk")
struct FullDiskTests {
    @Test(
        "a full disk is told as such, harms nothing that was written, and ends when there is room",
        .enabled(if: Slow.enabled), .enabled("a file system of 64 MiB can be mounted") { canMount() })
    func full() async throws {
        try await withTemporaryFolder { folder in
            try #require(run("mount -t tmpfs -o size=64m tmpfs \(folder)") == 0)
            defer { _ = run("umount \(folder)") }
            // What someone will remove to make room again.
            writeFile([UInt8](repeating: 1, count: 24 << 20), to: folder + "/other")
            let store = try SQLiteStore(path: folder + "/store.db")
            let noise = (0..<400).map { number in
                Word(
                    text: String((0..<200).map { _ in "abcdefghijklmnop".randomElement()! }),
                    span: TimeSpan(start: Double(number), end: Double(number) + 1))
            }
            let transcript = Transcript(words: noise, language: nil, engine: "test")
            var written: [Identifier<VideoTask>] = []
            var failure: PortError?
            while failure == nil {
                let number = written.count
                do {
                    written.append(
                        try await store.write { writer in
                            let task = try StoreSample.task(number)
                            try writer.taskWriter.insert(task)
                            try writer.documentWriter.put(transcript, of: task.id)
                            return task.id
                        })
                } catch let error as PortError {
                    failure = error
                }
            }
            #expect(failure == .full("the database's disk is full"))
            #expect(written.count > 10)
            #expect(try store.read { try $0.tasks.statistics(of: nil).tasks[.queued] } == written.count)

            // Several at once: each is told for itself, and what needs no room goes on.
            let last = written.count
            let outcomes = await store.database.together(6) { session, number in
                try session.run("INSERT INTO totals VALUES (?, 0)", 1000 + number)
                try session.run(
                    "INSERT INTO stored_answers VALUES (?, 'a', ?, zeroblob(32), 200, '', zeroblob(60000000), 0)",
                    number, "\(last + number)")
            }
            for outcome in outcomes { #expect((outcome as? SQLiteError)?.portError == failure) }
            #expect(try store.database.integers("SELECT count(*) FROM totals WHERE counter >= 1000") == [0])
            #expect(try store.database.integrityProblems() == [])

            unlink(folder + "/other")
            for id in written.prefix(5) { try await store.write { try $0.taskWriter.delete(id) } }
            let again = try StoreSample.task(5000)
            try await store.write { writer in
                try writer.taskWriter.insert(again)
                try writer.documentWriter.put(transcript, of: again.id)
            }
            #expect(try store.read { try $0.documents.transcript(of: again.id) } == transcript)
            #expect(try store.database.integrityProblems() == [])
            store.database.close()
        }
    }

    private static func canMount() -> Bool {
        run("d=$(mktemp -d) && mount -t tmpfs -o size=1m tmpfs $d && umount $d && rmdir $d") == 0
    }
}

/// Runs a line in the shell; answers its exit status.
private func run(_ line: String) -> Int32 {
    system(line + " 2>/dev/null")
}
