/// A file in the media store: addressed by its identifier, never by a person's file name.
public struct MediaFile: Hashable, Sendable {
    /// The name under which the store keeps it.
    public let id: Identifier<MediaFile>
    /// Its size in bytes.
    public let bytes: Int64
    /// The hash of its contents.
    public let hash: ContentHash

    /// A file that the store holds.
    public init(id: Identifier<MediaFile>, bytes: Int64, hash: ContentHash) {
        self.id = id
        self.bytes = bytes
        self.hash = hash
    }
}
