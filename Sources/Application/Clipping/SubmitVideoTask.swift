public import Domain

/// Orders clips of a source: the task, its job, its first notice and the credits that it holds are written as one.
public struct SubmitVideoTask: Sendable {
    /// What is ordered.
    public struct Command: Sendable {
        /// Where the source comes from.
        public let source: VideoTask.Source
        /// Captions that were handed in for it.
        public let captions: Identifier<Upload>?
        /// What to call it; nil takes the source's name.
        public let title: String?
        /// What is wanted.
        public internal(set) var options: ClipOptions
        /// What of the options the order leaves to the caller's preferences.
        public let leftOut: Set<Preferences.Field>
        /// The queue whose workers take it.
        public let queue: String

        /// An order.
        public init(
            source: VideoTask.Source, captions: Identifier<Upload>? = nil, title: String? = nil,
            options: ClipOptions, leftOut: Set<Preferences.Field> = [], queue: String = Job.ordinaryQueue
        ) {
            self.source = source
            self.captions = captions
            self.title = title
            self.options = options
            self.leftOut = leftOut
            self.queue = queue
        }
    }

    /// How a repeated request is recognised, and how the answer that it gets again is made.
    public struct Repetition: Sendable {
        /// On which route.
        public let route: String
        /// The key that the caller chose, 1–255 characters.
        public let key: String
        /// The hash of the request's body.
        public let fingerprint: ContentHash
        /// Makes the answer to keep from the new task.
        public let answer: @Sendable (VideoTask) -> (status: Int, location: String, body: [UInt8])

        /// A request that may be repeated.
        public init(
            route: String, key: String, fingerprint: ContentHash,
            answer: @escaping @Sendable (VideoTask) -> (status: Int, location: String, body: [UInt8])
        ) {
            self.route = route
            self.key = key
            self.fingerprint = fingerprint
            self.answer = answer
        }
    }

    /// What an order led to.
    public enum Outcome: Sendable {
        /// A new task.
        case created(VideoTask)
        /// The same request was answered before: this is its answer.
        case repeated(StoredAnswer)
    }

    private let store: any Store
    private let catalog: any CaptionCatalog
    private let identifiers: IdentifierMaker
    private let clock: any WallClock
    private let billing: Billing?
    private let storage: (any StorageBudget)?

    /// The use case over its ports.
    ///
    /// - Parameters:
    ///   - billing: Nil where everything is free.
    ///   - storage: Nil where there is always room.
    public init(
        store: any Store, catalog: any CaptionCatalog, identifiers: IdentifierMaker, clock: any WallClock,
        billing: Billing? = nil, storage: (any StorageBudget)? = nil
    ) {
        self.store = store
        self.catalog = catalog
        self.identifiers = identifiers
        self.clock = clock
        self.billing = billing
        self.storage = storage
    }

    /// Creates the task, or finds the answer that the same request got before.
    ///
    /// - Throws: ``Domain/AccessError``; ``SubmissionError`` with every field at fault; ``OrderRefusal``;
    ///   ``Domain/UserError``; ``IdempotencyError/otherRequest`` when the caller used the key for another body;
    ///   ``PortError/full(_:)`` while there is too little room left for new work.
    public func callAsFunction(
        _ command: Command, by caller: Caller, repetition: Repetition? = nil
    ) async throws -> Outcome {
        try await UseCase.submitVideoTask.run {
            try await submit(command, by: caller, repetition: repetition)
        }
    }

    private func submit(
        _ command: Command, by caller: Caller, repetition: Repetition?
    ) async throws -> Outcome {
        try caller.require(.tasksWrite)
        let room = Result { () throws(PortError) in try storage?.requireRoom() }
        let now = clock.now()
        let id: Identifier<VideoTask> = identifiers.make()
        let job: Identifier<Job> = identifiers.make()
        let hold: Identifier<CreditHold> = identifiers.make()
        let trace = WorkContext.current?.carried ?? []
        let choice = try await catalog.choice(for: command, by: caller, in: store)
        return try await store.write { writer in
            let key = repetition.map {
                IdempotencyKey(caller: caller.user, route: $0.route, key: $0.key)
            }
            if let repetition, let key, let answer = try writer.answers.find(key),
                now - answer.createdAt < StoredAnswer.lifetime
            {
                guard answer.fingerprint == repetition.fingerprint else {
                    throw IdempotencyError.otherRequest
                }
                return .repeated(answer)
            }
            try room.get()
            let payer = try writer.payer(for: caller, billing, at: now)
            if payer == nil { try writer.requirePresence(of: caller.user) }
            let command = try writer.completed(command, by: caller, choice)
            let source = try writer.check(command, by: caller, choice)
            let task = try VideoTask(
                id: id, owner: caller.user, title: command.title, source: command.source,
                captions: command.captions, filename: source.filename, options: command.options,
                createdAt: now)
            let charge = try writer.charge(command, of: source.length, to: payer, billing, at: now)
            // First, so that a refusal has written nothing that would have to be taken back.
            if let charge { try writer.hold(charge, for: id, as: hold, at: now) }
            try writer.taskWriter.insert(task)
            try writer.announce([.statusChanged], of: task)
            try writer.enqueue(
                RunVideoTask.job(
                    for: task, id: job, queue: command.queue,
                    priority: charge?.tier.priority ?? Job.ordinaryPriority, trace: trace, at: now))
            if let repetition, let key {
                let (status, location, body) = repetition.answer(task)
                try writer.answerWriter.put(
                    StoredAnswer(
                        fingerprint: repetition.fingerprint, status: status, location: location, body: body,
                        createdAt: now),
                    under: key)
            }
            return .created(task)
        }
    }
}

extension StoreReader {
    /// What a user handed in; nil when there is no such upload or someone else handed it in.
    func upload(_ id: Identifier<Upload>, of owner: Identifier<User>) throws -> Upload? {
        guard let upload = try uploads.find(id), upload.owner == owner else { return nil }
        return upload
    }

    /// What whoever owns a task now handed in for it: a task may be handed over while it runs.
    func upload(_ id: Identifier<Upload>, for task: Identifier<VideoTask>) throws -> Upload? {
        guard let owner = try tasks.find(task)?.owner else { return nil }
        return try upload(id, of: owner)
    }

    /// An order with what it leaves out as its caller prefers it.
    func completed(_ command: SubmitVideoTask.Command, by caller: Caller, _ choice: CaptionChoice) throws
        -> SubmitVideoTask.Command
    {
        guard !command.leftOut.isEmpty, caller.means != .local,
            let preferences = try preferences.find(caller.user)
        else { return command }
        var completed = command
        completed.options = preferences.filling(
            command.leftOut, of: command.options, templates: choice.templates, fonts: choice.fonts)
        return completed
    }
}

/// What is wrong with an order, beyond its options.
public struct SubmissionError: CodedError, Equatable {
    /// One field at fault.
    public enum Fault: Hashable, Sendable {
        /// The upload does not exist or is no video.
        case upload
        /// The address cannot be fetched.
        case address
        /// The captions upload does not exist or holds no captions.
        case captions
        /// There is no such caption template.
        case template(known: [String])
        /// There is no such font on the server.
        case font

        /// What was expected.
        public var expectation: String {
            switch self {
            case .upload: "must be the id of an uploaded video"
            case .address:
                "must be an http or https address of at most \(SourceAddress.greatestLength) characters"
            case .captions: "must be the id of an uploaded SRT, VTT or ASS file"
            case .font: "must be the name of a font of the server, or null"
            case .template(let known): "must be one of \(known.joined(separator: ", ")), or null"
            }
        }
    }

    /// The fields at fault.
    public let faults: [Fault]

    /// An order with these faults.
    public init(faults: [Fault]) {
        self.faults = faults
    }

    /// The stable code.
    public var code: String { "validation_failed" }

    /// What was wrong.
    public var explanation: String { faults.map(\.expectation).joined(separator: "; ") }
}

/// Why a repeated request is not answered.
///
/// There is none for a request whose first one is still being answered: both wait for the same writer, and the
/// second finds the answer of the first.
public enum IdempotencyError: CodedError, Equatable {
    /// The key was used for a request with another body.
    case otherRequest

    /// The stable code.
    public var code: String { "idempotency_key_reused" }

    /// What was wrong and what to do.
    public var explanation: String { "The Idempotency-Key was used with another body. Choose a new key." }
}
