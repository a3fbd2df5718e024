internal import Synchronization

/// A value that is read all the time and replaced now and then: readers wait for nobody.
///
/// A reader announces itself, takes the object that holds now and keeps it, and says that it is done. Who replaces the
/// object lets go of the former ones at a moment when no reader is between those two: each who comes later finds the
/// new one, since all of this happens in one order that everybody agrees on.
public final class LiveValue<Object: AnyObject & Sendable>: Sendable {
    private let readers = Atomic<Int>(0)
    private let holding: Atomic<Unmanaged<Object>>
    /// What was replaced while somebody was reading.
    private let former = Mutex<[Object]>([])

    /// A value to begin with.
    public init(_ object: Object) {
        holding = Atomic(Unmanaged.passRetained(object))
    }

    deinit {
        holding.load(ordering: .acquiring).release()
    }

    /// The object that holds now; it stays as it is for as long as the caller keeps it.
    public var current: Object {
        readers.wrappingAdd(1, ordering: .sequentiallyConsistent)
        let object = holding.load(ordering: .sequentiallyConsistent).retain()
        readers.wrappingSubtract(1, ordering: .releasing)
        return object.takeRetainedValue()
    }

    /// Lets another object hold from now on.
    public func replace(by object: Object) {
        former.withLock { former in
            let old = holding.exchange(
                Unmanaged.passRetained(object), ordering: .sequentiallyConsistent)
            former.append(old.takeRetainedValue())
            if readers.load(ordering: .sequentiallyConsistent) == 0 { former = [] }
        }
    }
}
