import Synchronization

/// The language that the first piece of a recording was found to be in.
final class LanguageFound: Sendable {
    private let found = Mutex<String?>(nil)

    var value: String? { found.withLock { $0 } }

    func set(_ language: String?) {
        found.withLock { found in
            if found == nil { found = language }
        }
    }
}
