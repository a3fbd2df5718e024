import Domain
import Synchronization

/// A store that keeps everything in memory: for tests, and for programs that need nothing to outlive them.
///
/// Readers see the state as it was when they began. Writers take turns; what a body that throws has changed is
/// taken back.
public final class InMemoryStore: Store {
    private let tables = Mutex(InMemoryTables())
    private let observers = Mutex<[ObjectIdentifier: WeakObservation]>([:])

    /// An empty store.
    public init() {}

    /// Reads from a snapshot.
    public func read<Value>(_ body: (any StoreReader) throws -> Value) throws -> Value {
        try body(InMemoryReader(tables: tables.withLock { $0 }))
    }

    /// Changes several things as one.
    public func write<Value: Sendable>(
        _ body: @escaping @Sendable (any StoreWriter) throws -> Value
    ) async throws -> Value {
        try writeFirst(body)
    }

    /// Changes several things as one, on the calling thread; nothing ever waits here.
    public func writeFirst<Value: Sendable>(
        _ body: @escaping @Sendable (any StoreWriter) throws -> Value
    ) throws -> Value {
        let (value, hasChanged) = try tables.withLock { tables in
            let writer = InMemoryWriter(tables: tables)
            // The only copy from here on, so that the writer changes in place.
            tables = InMemoryTables()
            do {
                let value = try body(writer)
                tables = writer.changing
                return (value, writer.hasChanged)
            } catch {
                writer.takeBack()
                tables = writer.changing
                throw error
            }
        }
        if hasChanged { tellObservers() }
        return value
    }

    /// Calls `changed` after each unit of work that changed something, from the writer's thread.
    public func observe(_ changed: @escaping @Sendable () -> Void) -> any StoreObservation {
        let observation = InMemoryObservation(changed)
        observers.withLock { $0[ObjectIdentifier(observation)] = WeakObservation(observation: observation) }
        return observation
    }

    private func tellObservers() {
        let present = observers.withLock { observers in
            let present = observers.compactMapValues { $0.observation }
            if present.count < observers.count { observers = observers.filter { present[$0.key] != nil } }
            return Array(present.values)
        }
        for observation in present { observation.changed() }
    }
}

private final class InMemoryObservation: StoreObservation {
    let changed: @Sendable () -> Void

    init(_ changed: @escaping @Sendable () -> Void) {
        self.changed = changed
    }
}

private struct WeakObservation: Sendable {
    weak let observation: InMemoryObservation?
}
