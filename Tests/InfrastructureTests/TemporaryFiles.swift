import FoundationEssentials
import Glibc

/// Runs `body` with the path of a new folder that is removed afterwards.
@discardableResult
func withTemporaryFolder<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    var template = Array("/tmp/cutroom-test-XXXXXX".utf8CString)
    let path = template.withUnsafeMutableBufferPointer { String(cString: mkdtemp($0.baseAddress!)) }
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
}

/// Runs `body` with the path of a file of those bytes.
@discardableResult
func withTemporaryFile<Value>(_ bytes: [UInt8], _ body: (String) async throws -> Value) async throws -> Value
{
    try await withTemporaryFolder { folder in
        let path = folder + "/file"
        writeFile(bytes, to: path)
        return try await body(path)
    }
}

func writeFile(_ bytes: [UInt8], to path: String) {
    let file = fopen(path, "wb")!
    precondition(fwrite(bytes, 1, bytes.count, file) == bytes.count)
    fclose(file)
}

func readFile(_ path: String) -> [UInt8]? {
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    while true {
        let piece = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
            count = fread(buffer.baseAddress, 1, buffer.count, file)
        }
        if piece.isEmpty { return bytes }
        bytes += piece
    }
}

/// What is in the temporary folders of the processes that use a data folder, besides their lists.
func temporaryFiles(_ data: String) -> [String] {
    ((try? FileManager.default.subpathsOfDirectory(atPath: data + "/tmp")) ?? []).filter { path in
        path.contains("/") && !path.hasSuffix("/published")
    }
}
