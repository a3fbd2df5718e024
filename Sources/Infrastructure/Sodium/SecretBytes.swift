import CSodium

/// Bytes of a key: in memory that is neither swapped out nor dumped where the machine allows it, and that is wiped in
/// the end.
///
/// `@unchecked Sendable`: the memory is written by the initialiser alone, and read-only from then on.
package final class SecretBytes: @unchecked Sendable {
    private let memory: UnsafeMutablePointer<UInt8>
    /// How many they are.
    let count: Int

    /// Bytes that `fill` writes into memory of that size.
    init(count: Int, _ fill: (UnsafeMutablePointer<UInt8>) -> Void) {
        Sodium.prepare()
        guard let memory = sodium_malloc(count) else {
            preconditionFailure("there is no memory for a key")
        }
        self.memory = memory.bindMemory(to: UInt8.self, capacity: count)
        self.count = count
        fill(self.memory)
        sodium_mprotect_readonly(memory)
    }

    /// A copy of bytes that are known already.
    package convenience init(_ bytes: [UInt8]) {
        self.init(count: bytes.count) { $0.update(from: bytes, count: bytes.count) }
    }

    deinit {
        sodium_free(memory)
    }

    /// Lends the address of the first.
    func withPointer<Value>(_ body: (UnsafePointer<UInt8>) -> Value) -> Value {
        body(memory)
    }
}
