import Application
import Domain
import Glibc

/// Cuts WAV files of 16 kHz, mono, 16 bits; blocks, so it belongs on a thread of its own.
enum WAVFile {
    private static let rate = 16_000
    private static let frameBytes = 2
    private static let bufferBytes = 1 << 16

    /// Writes the sound of `span` of the file at `source` to a new file at `destination`.
    ///
    /// - Throws: ``PortError/corrupt(_:)`` when the source is no such WAV file, ``PortError/full(_:)`` when the
    ///   disk is.
    static func copy(_ span: TimeSpan, of source: String, to destination: String) throws {
        guard let input = fopen(source, "rbe") else { throw PortError.corrupt("the sound cannot be opened") }
        defer { fclose(input) }
        let data = try sound(of: input)
        let first = min(max(0, Int(span.start * Double(rate))) * frameBytes, data.length)
        let last = min(max(0, Int((span.end * Double(rate)).rounded(.up))) * frameBytes, data.length)
        guard fseek(input, data.start + first, SEEK_SET) == 0 else {
            throw PortError.corrupt("the sound cannot be read")
        }
        guard let output = fopen(destination, "wbe") else { throw failure("the sound cannot be written") }
        var isWritten = write(header(bytes: last - first), to: output)
        var left = last - first
        var buffer = [UInt8](repeating: 0, count: bufferBytes)
        while left > 0, isWritten {
            let count = fread(&buffer, 1, min(left, bufferBytes), input)
            guard count > 0 else { break }
            isWritten = fwrite(buffer, 1, count, output) == count
            left -= count
        }
        guard fclose(output) == 0, isWritten else { throw failure("the sound cannot be written") }
    }

    private static func failure(_ what: String) -> PortError {
        errno == ENOSPC || errno == EDQUOT ? .full(what) : .unavailable("\(what): error \(errno)")
    }

    private static func write(_ bytes: [UInt8], to file: UnsafeMutablePointer<FILE>) -> Bool {
        fwrite(bytes, 1, bytes.count, file) == bytes.count
    }

    /// Where the samples are in the file.
    private static func sound(of file: UnsafeMutablePointer<FILE>) throws -> (start: Int, length: Int) {
        fseek(file, 0, SEEK_END)
        let size = ftell(file)
        var position = 12
        var chunk = [UInt8](repeating: 0, count: 8)
        while position + 8 <= size {
            fseek(file, position, SEEK_SET)
            guard fread(&chunk, 1, 8, file) == 8 else { break }
            let length = chunk[4..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
            // A program that writes to a pipe leaves the length open.
            if chunk.starts(with: Array("data".utf8)) {
                return (position + 8, min(length, size - position - 8))
            }
            position += 8 + length + length % 2
        }
        throw PortError.corrupt("the sound is no WAV file")
    }

    /// The header of such a file ("Multimedia Programming Interface and Data Specifications 1.0", RIFF WAVE).
    private static func header(bytes: Int) -> [UInt8] {
        func number(_ value: Int, _ width: Int) -> [UInt8] {
            (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        return Array("RIFF".utf8) + number(36 + bytes, 4) + Array("WAVEfmt ".utf8) + number(16, 4)
            + number(1, 2)
            + number(1, 2) + number(rate, 4) + number(rate * frameBytes, 4) + number(frameBytes, 2)
            + number(16, 2)
            + Array("data".utf8) + number(bytes, 4)
    }
}
