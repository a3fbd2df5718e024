public import Domain

/// Takes in a file that a person hands over, piece by piece, and finds out what it is.
public struct ReceiveUpload: Sendable {
    private let store: any Store
    private let media: any MediaStore
    private let inspector: any MediaInspector
    private let identifiers: IdentifierMaker
    private let clock: any WallClock
    private let storage: (any StorageBudget)?
    /// The largest file that is taken, in bytes.
    public let limitBytes: Int64

    /// The use case over its ports.
    ///
    /// - Parameter storage: Nil where there is always room.
    public init(
        store: any Store, media: any MediaStore, inspector: any MediaInspector,
        identifiers: IdentifierMaker, clock: any WallClock, limitBytes: Int64,
        storage: (any StorageBudget)? = nil
    ) {
        self.store = store
        self.media = media
        self.inspector = inspector
        self.identifiers = identifiers
        self.clock = clock
        self.limitBytes = limitBytes
        self.storage = storage
    }

    /// Begins a file called `filename`; letting go of the reception throws away what has arrived.
    ///
    /// - Throws: ``Domain/AccessError``; ``Domain/UserError``; ``Domain/QuotaError/storageFull(limit:)`` when the
    ///   caller's plan keeps no more; ``PortError/full(_:)`` while the disk has too little room left for new work.
    public func begin(filename: String, by caller: Caller) throws -> Reception {
        try caller.require(.uploadsWrite)
        try storage?.requireRoom()
        let now = clock.now()
        let room = try store.read { try $0.storageRoom(of: caller.user, at: now) }
        try room?.require(1)
        return Reception(
            writer: try media.open(), caller: caller, filename: filename, limitBytes: limitBytes,
            room: room)
    }

    /// A file that is arriving.
    public struct Reception: Sendable {
        fileprivate let writer: any MediaWriter
        fileprivate let caller: Caller
        fileprivate let filename: String
        fileprivate let limitBytes: Int64
        fileprivate let room: StorageRoom?
        fileprivate let captionFormat: CaptionFileFormat?
        fileprivate private(set) var received: Int64 = 0
        /// What came of captions: they are short, and read at once.
        fileprivate private(set) var captions: [UInt8] = []

        fileprivate init(
            writer: any MediaWriter, caller: Caller, filename: String, limitBytes: Int64,
            room: StorageRoom?
        ) {
            self.writer = writer
            self.caller = caller
            self.filename = filename
            self.limitBytes = limitBytes
            self.room = room
            captionFormat = CaptionFileFormat(filename: filename)
        }

        /// Appends bytes.
        ///
        /// - Throws: ``Domain/MediaError/tooLarge(limitBytes:)`` past the limit,
        ///   ``Domain/MediaError/captionsUnreadable(_:)`` past that of captions,
        ///   ``Domain/QuotaError/storageFull(limit:)`` past that of the plan, ``PortError/full(_:)`` when the disk is.
        public mutating func append(_ bytes: UnsafeRawBufferPointer) throws {
            received += Int64(bytes.count)
            guard received <= limitBytes else { throw MediaError.tooLarge(limitBytes: limitBytes) }
            try room?.require(received)
            if captionFormat != nil {
                guard received <= CaptionFileLimits.mostBytes else {
                    throw CaptionFileLimits.tooManyBytes
                }
                captions.append(contentsOf: bytes)
            }
            try writer.write(bytes)
        }
    }

    /// Ends a file: makes it durable, looks into it and records it.
    ///
    /// - Throws: ``Domain/MediaError/notMedia(_:)`` when no video is found in it, other ``Domain/MediaError``
    ///   when it is beyond what is decoded or holds captions that cannot be read, ``Domain/QuotaError`` when other
    ///   files took its room meanwhile, ``Domain/UserError``, ``Domain/SessionError`` or ``Domain/APIKeyError``
    ///   when who hands it in may not any more; nothing of it is kept then.
    public func finish(_ reception: Reception) async throws -> Upload {
        try await UseCase.receiveUpload.run { try await keep(reception) }
    }

    private func keep(_ reception: Reception) async throws -> Upload {
        guard reception.received > 0 else {
            reception.writer.abandon()
            throw MediaError.notMedia("the file is empty")
        }
        if let format = reception.captionFormat {
            do throws(MediaError) {
                try await Self.checkReadability(of: reception.captions, as: format)
            } catch {
                reception.writer.abandon()
                throw error
            }
        }
        let file = try await reception.writer.finish()
        do {
            let upload = Upload(
                id: identifiers.make(), owner: reception.caller.user, filename: reception.filename,
                content: try await content(of: file, captions: reception.captionFormat),
                file: file, createdAt: clock.now())
            try await store.write { writer in
                try writer.requireStanding(of: reception.caller, at: upload.createdAt)
                let room = try writer.storageRoom(of: upload.owner, at: upload.createdAt)
                try room?.require(upload.file.bytes)
                try writer.uploadWriter.insert(upload)
            }
            return upload
        } catch {
            try? await media.remove([file.id])
            throw error
        }
    }

    /// Reads captions through; not on the caller's thread, since long ones take a while.
    @concurrent private static func checkReadability(
        of captions: [UInt8], as format: CaptionFileFormat
    ) async throws(MediaError) {
        _ = try CaptionFileReader(format: format).cues(of: captions)
    }

    private func content(of file: MediaFile, captions: CaptionFileFormat?) async throws -> Upload.Content {
        if let captions { return .captions(captions) }
        guard let path = media.path(of: file.id) else { throw PortError.corrupt("the upload vanished") }
        do {
            return .video(try await inspector.inspect(path: path))
        } catch MediaError.truncated {
            throw MediaError.notMedia("the file breaks off before it says what is in it")
        }
    }
}
