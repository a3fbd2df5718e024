import Synchronization

/// Why a request body could not be read to its end.
package enum RequestBodyError: Error, Equatable {
    /// It is longer than the given number of bytes.
    case tooLarge(limit: Int)
    /// The client went away, or was cut off, before the end.
    case interrupted
}

/// The body of a request, which arrives while it is read.
///
/// It is a pipe with one writer, the server, and one reader, the handler. At most `capacity` bytes plus one
/// arrival wait in it: the writer asks `isFull` and holds the client back until `onDemand` is called.
package final class RequestBody: Sendable {
    /// Bytes that wait before the client is held back.
    package static let capacity = 256 * 1024

    /// The body of a request that has none.
    package static let empty = RequestBody([])

    private enum End {
        case reached
        case failed(RequestBodyError)
    }

    private struct State {
        var waiting: [UInt8]
        var end: End?
        var reader: CheckedContinuation<Void, Never>?
    }

    private let state: Mutex<State>
    private let onDemand: @Sendable () -> Void
    /// The length that the client declared, or nil if it sends chunks.
    package let declaredLength: Int?

    /// A body that is there already.
    package init(_ bytes: [UInt8]) {
        state = Mutex(State(waiting: bytes, end: .reached))
        declaredLength = bytes.count
        onDemand = {}
    }

    /// A body that is about to arrive.
    ///
    /// - Parameter onDemand: Called on the reader's thread whenever it has made room or waits for more.
    package init(declaredLength: Int?, onDemand: @escaping @Sendable () -> Void) {
        state = Mutex(State(waiting: [], end: nil))
        self.declaredLength = declaredLength
        self.onDemand = onDemand
    }

    // MARK: Reading

    /// Whatever has arrived since the last call, waiting for more if nothing has; nil at the end.
    ///
    /// - Throws: `interrupted` when the client is gone or the reading task is cancelled.
    package func next() async throws(RequestBodyError) -> [UInt8]? {
        while true {
            if let taken = try take() {
                guard !taken.isEmpty else { return nil }
                onDemand()
                return taken
            }
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let ready = state.withLock { state in
                        if !state.waiting.isEmpty || state.end != nil { return true }
                        state.reader = continuation
                        return false
                    }
                    if ready { continuation.resume() } else { onDemand() }
                }
            } onCancel: {
                fail(.interrupted)
            }
        }
    }

    /// The whole rest of the body.
    ///
    /// - Throws: `tooLarge` as soon as the length is declared or seen to be above `limit` bytes.
    package func collect(limit: Int) async throws(RequestBodyError) -> [UInt8] {
        if let declaredLength, declaredLength > limit { throw .tooLarge(limit: limit) }
        var collected: [UInt8] = []
        while let bytes = try await next() {
            guard collected.count + bytes.count <= limit else { throw .tooLarge(limit: limit) }
            if collected.isEmpty { collected = bytes } else { collected.append(contentsOf: bytes) }
        }
        return collected
    }

    /// What waits, an empty array at the end, or nil if nothing is there yet.
    private func take() throws(RequestBodyError) -> [UInt8]? {
        try state.withLock { state throws(RequestBodyError) in
            if !state.waiting.isEmpty {
                let bytes = state.waiting
                state.waiting = []
                return bytes
            }
            switch state.end {
            case .none: return nil
            case .reached: return []
            case .failed(let error): throw error
            }
        }
    }

    // MARK: Writing

    /// Whether all of it is here, so that nobody who reads it has to wait.
    package var isComplete: Bool {
        state.withLock { $0.end != nil }
    }

    /// Whether the reader waits for bytes that are not there.
    package var isWanted: Bool {
        state.withLock { $0.reader != nil }
    }

    /// Whether all of it has arrived.
    package var hasArrived: Bool {
        state.withLock { state in
            if case .reached = state.end { true } else { false }
        }
    }

    /// Whether the client must be held back until the reader has caught up.
    package var isFull: Bool {
        state.withLock { $0.waiting.count >= Self.capacity && $0.end == nil }
    }

    /// Adds bytes that have arrived.
    package func write(_ bytes: UnsafeRawBufferPointer) {
        let reader = state.withLock { state in
            guard state.end == nil else { return nil as CheckedContinuation<Void, Never>? }
            state.waiting.append(contentsOf: bytes)
            return Self.reader(of: &state)
        }
        reader?.resume()
    }

    /// Marks the end of the body.
    package func finish() {
        end(.reached)
    }

    /// Ends the body before its time; what waits is still read.
    package func fail(_ error: RequestBodyError) {
        end(.failed(error))
    }

    private func end(_ end: End) {
        let reader = state.withLock { state in
            if state.end == nil { state.end = end }
            return Self.reader(of: &state)
        }
        reader?.resume()
    }

    private static func reader(of state: inout State) -> CheckedContinuation<Void, Never>? {
        defer { state.reader = nil }
        return state.reader
    }
}
