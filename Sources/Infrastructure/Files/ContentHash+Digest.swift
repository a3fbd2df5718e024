package import Domain

extension ContentHash {
    /// The hash of some bytes.
    package init(digesting bytes: [UInt8]) {
        var hasher = ContentHasher()
        bytes.withUnsafeBytes { hasher.update($0) }
        self = hasher.finish()
    }
}
