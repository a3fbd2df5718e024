import Glibc
import Infrastructure
import Testing

@Suite("Watching files", .timeLimit(.minutes(5)))
struct FileWatchTests {
    private func write(_ path: String) {
        guard let file = fopen(path, "w") else { return }
        fputs("x", file)
        fclose(file)
    }

    @Test(
        "O19: a file that is written, made, exchanged, or led to by another link is told of, once it is whole",
        arguments: ["write", "make", "exchange", "link", "remove"])
    func changes(how: String) async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/settings.json"
            if how != "make" { write(path) }
            var changes = FileWatch.changes(of: [path, folder + "/nowhere/other"], rest: .milliseconds(1))
                .makeAsyncIterator()
            switch how {
            case "write", "make": write(path)
            case "exchange":
                write(path + ".new")
                rename(path + ".new", path)
            case "link":
                symlink("v2", folder + "/..data_tmp")
                rename(folder + "/..data_tmp", folder + "/..data")
            default: unlink(path)
            }
            let change: Void? = await changes.next()
            #expect(change != nil)
        }
    }
}
