internal import CZlib
internal import Synchronization

/// Packs bytes by gzip (RFC 1952), all at once.
///
/// - Parameter effort: 1 is quick, 9 is thorough.
/// - Returns: Nil where there is no memory for it.
func gzipped(_ bytes: [UInt8], effort: Int32) -> [UInt8]? {
    guard var deflater = Deflater(effort: effort) else { return nil }
    var isWhole = false
    let packed = [UInt8](unsafeUninitializedCapacity: deflater.bound(of: bytes.count)) { buffer, count in
        bytes.withUnsafeBytes { bytes in
            let step = deflater.pack(bytes, into: UnsafeMutableRawBufferPointer(buffer))
            (count, isWhole) = (step?.written ?? 0, step?.isEnd ?? false)
        }
    }
    return isWhole ? packed : nil
}

/// Packs bytes by gzip while they are sent, so that no thread is kept for long by an answer of many bytes.
final class GzipSource: ByteSource {
    /// zlib has failed, which it does only where memory is at an end.
    struct Failure: Error {}

    private struct State: ~Copyable {
        var deflater: Deflater
        var position = 0
        var isAtEnd = false
    }

    private let bytes: [UInt8]
    private let state: Mutex<State>

    /// - Parameter effort: 1 is quick, 9 is thorough.
    init?(_ bytes: [UInt8], effort: Int32) {
        guard let deflater = Deflater(effort: effort) else { return nil }
        self.bytes = bytes
        state = Mutex(State(deflater: deflater))
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        try state.withLock { state in
            guard !state.isAtEnd else { return 0 }
            let step = bytes.withUnsafeBytes { bytes in
                state.deflater.pack(
                    UnsafeRawBufferPointer(rebasing: bytes[state.position...]), into: buffer)
            }
            guard let step, step.written > 0 else { throw Failure() }
            state.position += step.read
            state.isAtEnd = step.isEnd
            return step.written
        }
    }
}

/// A stream of zlib.
///
/// `@unchecked Sendable`: what it points at is its own, nobody else has the pointer, and the type cannot be copied.
private struct Deflater: ~Copyable, @unchecked Sendable {
    /// In a place of its own, since zlib keeps its address.
    private let stream: UnsafeMutablePointer<z_stream>

    init?(effort: Int32) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard cutroom_gzip_begin(stream, effort) == Z_OK else {
            stream.deallocate()
            return nil
        }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// The most bytes that so many become.
    mutating func bound(of count: Int) -> Int {
        Int(deflateBound(stream, UInt(count)))
    }

    /// Packs what is left of the bytes, as far as there is room.
    ///
    /// - Returns: Nil when zlib has failed.
    mutating func pack(
        _ rest: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer
    ) -> (read: Int, written: Int, isEnd: Bool)? {
        let (input, output) = (UInt32(clamping: rest.count), UInt32(clamping: room.count))
        // zlib only reads what it is given to read.
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: rest.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = input
        stream.pointee.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = output
        let flush = Int(input) == rest.count ? Z_FINISH : Z_NO_FLUSH
        let status = deflate(stream, flush)
        guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else { return nil }
        return (
            Int(input - stream.pointee.avail_in), Int(output - stream.pointee.avail_out),
            status == Z_STREAM_END
        )
    }
}
