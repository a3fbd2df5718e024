/// One promise of a port, which any adapter can be held to.
///
/// Needs no test framework: a broken promise is thrown.
public struct ConformanceRule<Adapter: Sendable>: Sendable, CustomStringConvertible {
    /// The promise, as a sentence.
    public let name: String
    private let check: @Sendable (Adapter) async throws -> Void

    init(_ name: String, _ check: @escaping @Sendable (Adapter) async throws -> Void) {
        self.name = name
        self.check = check
    }

    /// The promise, as a sentence.
    public var description: String { name }

    /// Holds an adapter to the promise.
    ///
    /// - Parameter make: Makes a fresh, empty adapter.
    /// - Throws: ``Violation`` when it does not keep it.
    public func run(_ make: () async throws -> Adapter) async throws {
        let adapter = try await make()
        do {
            try await check(adapter)
        } catch let mismatch as Mismatch {
            throw Violation(name, observed: mismatch.observed)
        } catch {
            throw Violation(name, observed: "\(error) was thrown")
        }
    }
}

/// What was seen instead of what was promised.
struct Mismatch: Error {
    let observed: String
}

/// Throws unless `actual` is `expected`.
func expect<Value: Equatable>(_ actual: Value, is expected: Value, _ what: String) throws {
    guard actual == expected else {
        throw Mismatch(observed: "\(what) was \(actual) instead of \(expected)")
    }
}

/// Throws unless `condition` holds.
func expect(_ condition: Bool, _ complaint: String) throws {
    guard condition else { throw Mismatch(observed: complaint) }
}

/// Throws unless `body` throws `expected`.
func expect<Value>(
    throws matches: (any Error) -> Bool, _ complaint: String, _ body: () async throws -> Value
) async throws {
    do {
        _ = try await body()
    } catch {
        guard matches(error) else { throw Mismatch(observed: "\(complaint): \(error) was thrown") }
        return
    }
    throw Mismatch(observed: complaint)
}

/// The value, or a complaint that there is none.
func require<Value>(_ value: Value?, _ what: String) throws -> Value {
    guard let value else { throw Mismatch(observed: "\(what) was not there") }
    return value
}
