internal import Synchronization

/// What a setting is found and read by, once for each setting: it remembers where the value lies, so that a look-up is
/// an index and no search.
public final class SettingKey<Value: Sendable>: Sendable {
    /// The name of the setting.
    public let name: String
    /// Reads the value from the text that was given.
    public let read: @Sendable ([String]) throws(SettingRefusal) -> Value
    private let place = Atomic<Int>(0)

    /// A key.
    ///
    /// - Parameter read: Reads the value from the text that was given.
    public init(_ name: String, read: @escaping @Sendable ([String]) throws(SettingRefusal) -> Value) {
        self.name = name
        self.read = read
    }

    /// The value in a list of settings; nil where the setting is not among them.
    func value(in settings: [ParsedSetting]) -> Value? {
        let guess = place.load(ordering: .relaxed)
        if guess < settings.count, let value = settings[guess].value(of: self) { return value }
        for index in settings.indices {
            guard let value = settings[index].value(of: self) else { continue }
            place.store(index, ordering: .relaxed)
            return value
        }
        return nil
    }
}

/// The value of a setting, read once.
struct ParsedSetting: Sendable {
    /// Which key made it.
    private let key: ObjectIdentifier
    private let box: any AnyObject & Sendable

    /// A value that a key has read.
    init<Value: Sendable>(_ key: SettingKey<Value>, _ value: Value) {
        self.key = ObjectIdentifier(key)
        box = Box(key: key, value: value)
    }

    /// The value, if that key has read it.
    func value<Value: Sendable>(of key: SettingKey<Value>) -> Value? {
        guard self.key == ObjectIdentifier(key) else { return nil }
        // The box was made together with the identity of a key of just this type, which it keeps alive.
        return unsafeDowncast(box, to: Box<Value>.self).value
    }

    /// Keeps the key, so that no other is ever made at its place in memory.
    private final class Box<Value: Sendable>: Sendable, CustomReflectable {
        let key: SettingKey<Value>
        let value: Value

        init(key: SettingKey<Value>, value: Value) {
            self.key = key
            self.value = value
        }

        /// Nothing: it may be a secret.
        var customMirror: Mirror { Mirror(self, children: []) }
    }
}
