import Domain

extension StoreReader {
    /// Checks of an order what only the store and the catalog of captions know.
    ///
    /// - Returns: The source's name, and how long it is; nil before it is here.
    /// - Throws: ``SubmissionError`` with every field at fault.
    func check(_ command: SubmitVideoTask.Command, by caller: Caller, _ choice: CaptionChoice) throws
        -> (filename: String, length: Duration?)
    {
        var faults: [SubmissionError.Fault] = []
        let filename: String
        var length: Duration?
        switch command.source {
        case .upload(let id):
            let upload = try upload(id, of: caller.user)
            filename = upload?.filename ?? ""
            length = upload?.length
            if length == nil { faults.append(.upload) }
        case .address(let address):
            filename = SourceAddress.provisionalName(of: address)
            if !SourceAddress.isFetchable(address) { faults.append(.address) }
        case .path(let path):
            filename = path.split(separator: "/").last.map(String.init) ?? path
        }
        if let captions = command.captions {
            if case .captions = try upload(captions, of: caller.user)?.content {
            } else {
                faults.append(.captions)
            }
        }
        if let template = command.options.captionTemplate, !choice.templates.contains(template) {
            faults.append(.template(known: choice.templates))
        }
        if let font = command.options.captionChanges.font, !choice.fonts.contains(font) {
            faults.append(.font)
        }
        guard faults.isEmpty else { throw SubmissionError(faults: faults) }
        return (filename, length)
    }

    /// Who pays for what a caller orders; nil where it is free.
    ///
    /// - Throws: ``Domain/UserError``.
    func payer(for caller: Caller, _ billing: Billing?, at now: Timestamp) throws -> User? {
        try billing == nil ? nil : account(of: caller.user, at: now)
    }

    /// What an order would mean for the plan and credits of who pays for it; nil where it is free.
    func charge(
        _ command: SubmitVideoTask.Command, of length: Duration?, to payer: User?, _ billing: Billing?,
        at now: Timestamp
    ) throws -> Charge? {
        guard let billing, let payer else { return nil }
        return try charge(
            payer, for: command.options, of: length, in: billing.calendar, by: billing.tariff, at: now)
    }
}
