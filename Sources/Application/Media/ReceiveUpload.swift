public import Domain

/// Takes in a file that a person hands over, piece by piece, and finds out what it is.
public struct ReceiveUpload: Sendable {
    private let store: any Store
    private let media: any MediaStore
    private let inspector: any MediaInspector
    private let identifiers: IdentifierMaker
    private let clock: any WallClock
    /// The largest file that is taken, in bytes.
    public let limitBytes: Int64

    /// The use case over its ports.
    public init(
        store: any Store, media: any MediaStore, inspector: any MediaInspector,
        identifiers: IdentifierMaker, clock: any WallClock, limitBytes: Int64
    ) {
        self.store = store
        self.media = media
        self.inspector = inspector
        self.identifiers = identifiers
        self.clock = clock
        self.limitBytes = limitBytes
    }

    /// Begins a file called `filename`; letting go of the reception throws away what has arrived.
    public func begin(filename: String) throws -> Reception {
        Reception(writer: try media.open(), filename: filename, limitBytes: limitBytes)
    }

    /// A file that is arriving.
    public struct Reception: Sendable {
        fileprivate let writer: any MediaWriter
        fileprivate let filename: String
        fileprivate let limitBytes: Int64
        fileprivate private(set) var received: Int64 = 0

        fileprivate init(writer: any MediaWriter, filename: String, limitBytes: Int64) {
            self.writer = writer
            self.filename = filename
            self.limitBytes = limitBytes
        }

        /// Appends bytes.
        ///
        /// - Throws: ``Domain/MediaError/tooLarge(limitBytes:)`` past the limit, ``PortError/full(_:)`` when
        ///   the disk is.
        public mutating func append(_ bytes: UnsafeRawBufferPointer) throws {
            received += Int64(bytes.count)
            guard received <= limitBytes else { throw MediaError.tooLarge(limitBytes: limitBytes) }
            try writer.write(bytes)
        }
    }

    /// Ends a file: makes it durable, looks into it and records it.
    ///
    /// - Throws: ``Domain/MediaError`` when it is neither a video nor captions; nothing of it is kept then.
    public func finish(_ reception: Reception) async throws -> Upload {
        guard reception.received > 0 else {
            reception.writer.abandon()
            throw MediaError.notMedia("the file is empty")
        }
        let file = try await reception.writer.finish()
        do {
            let upload = Upload(
                id: identifiers.make(), filename: reception.filename,
                content: try await content(of: file, named: reception.filename),
                file: file, createdAt: clock.now())
            try await store.write { try $0.uploadWriter.insert(upload) }
            return upload
        } catch {
            try? await media.remove([file.id])
            throw error
        }
    }

    private func content(of file: MediaFile, named filename: String) async throws -> Upload.Content {
        if let format = CaptionFileFormat(filename: filename) { return .captions(format) }
        guard let path = media.path(of: file.id) else { throw PortError.corrupt("the upload vanished") }
        return .video(try await inspector.inspect(path: path))
    }
}
