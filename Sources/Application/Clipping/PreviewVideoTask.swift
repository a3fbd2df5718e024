public import Domain

/// What an order would cost, and whether it would be taken.
public struct TaskPreview: Sendable {
    /// How many credits would be held.
    public let credits: Int
    /// Whether they are the price of the source itself; else the most that it can cost.
    public let isExact: Bool
    /// How many begun minutes of the source are counted; nil where nothing costs and it is not here yet.
    public let minutes: Int?
    /// How many formats are counted.
    public let formats: Int
    /// The mode that is counted.
    public let mode: ProcessingMode
    /// How many credits there are; nil where nothing costs.
    public let available: Int?
    /// What the plan or the credits do not allow, the plan first; empty when the order would be taken.
    public let refusals: [OrderRefusal]

    /// How many credits would be left; nil where nothing costs, and when there are too few.
    public var availableAfter: Int? {
        available.flatMap { $0 >= credits ? $0 - credits : nil }
    }
}

/// Tells the price of an order before it is made.
public struct PreviewVideoTask: Sendable {
    private let store: any Store
    private let catalog: any CaptionCatalog
    private let clock: any WallClock
    private let billing: Billing?

    /// The use case over its ports.
    ///
    /// - Parameter billing: Nil where everything is free.
    public init(
        store: any Store, catalog: any CaptionCatalog, clock: any WallClock, billing: Billing? = nil
    ) {
        self.store = store
        self.catalog = catalog
        self.clock = clock
        self.billing = billing
    }

    /// What the order would mean now; nothing is written.
    ///
    /// - Throws: ``Domain/AccessError``; ``Domain/UserError``; ``SubmissionError`` with every field at fault.
    public func callAsFunction(_ command: SubmitVideoTask.Command, by caller: Caller) async throws
        -> TaskPreview
    {
        try await UseCase.previewVideoTask.run { try await preview(command, by: caller) }
    }

    private func preview(_ command: SubmitVideoTask.Command, by caller: Caller) async throws -> TaskPreview {
        try caller.require(.tasksWrite)
        let now = clock.now()
        let choice = try await catalog.choice(for: command, by: caller, in: store)
        return try store.read { reader in
            let command = try reader.completed(command, by: caller, choice)
            let options = command.options
            let length = try reader.check(command, by: caller, choice).length
            let payer = try reader.payer(for: caller, billing, at: now)
            guard let charge = try reader.charge(command, of: length, to: payer, billing, at: now) else {
                let minutes = length.map {
                    PriceList.standard.price(of: $0, formats: options.formats.count, mode: options.mode)
                        .minutes
                }
                return TaskPreview(
                    credits: 0, isExact: true, minutes: minutes, formats: options.formats.count,
                    mode: options.mode, available: nil, refusals: [])
            }
            return TaskPreview(
                credits: charge.amount, isExact: charge.quote.isExact, minutes: charge.quote.price.minutes,
                formats: charge.quote.price.formats, mode: charge.quote.price.mode,
                available: charge.ledger.available.total, refusals: charge.refusals)
        }
    }
}
