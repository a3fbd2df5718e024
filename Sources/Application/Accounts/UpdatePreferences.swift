public import Domain

/// What somebody wants chosen otherwise; nil leaves a thing as it is.
public struct PreferencesEdit: Sendable {
    /// Other shapes.
    public var formats: [ClipFormat]?
    /// Another caption template, or no captions.
    public var captionTemplate: String??
    /// Another font, or the template's.
    public var captionFont: String??
    /// Another size, or the template's.
    public var captionSize: Double??
    /// Another colour, or the template's.
    public var captionColour: CaptionTemplate.Colour??
    /// Whether a letter tells of the end of a task.
    public var notifiesByMail: Bool?

    /// Nothing chosen otherwise.
    public init() {}
}

/// Changes how the caller wants clips where an order leaves it out.
public struct UpdatePreferences: Sendable {
    private let desk: AccountDesk
    private let catalog: any CaptionCatalog

    /// The use case over its ports.
    public init(desk: AccountDesk, catalog: any CaptionCatalog) {
        self.desk = desk
        self.catalog = catalog
    }

    /// Changes what is given, by the rules of ``SubmitVideoTask``.
    ///
    /// - Throws: ``Domain/AccessError``, ``Domain/ClipOptionsError``, ``PreferencesError``, ``NotFound/user``,
    ///   ``Domain/UserError``.
    public func callAsFunction(_ edit: PreferencesEdit, by caller: Caller) async throws -> Preferences {
        try caller.require(.accountWrite)
        let templates = catalog.templates.map(\.name)
        if case .some(.some(let template)) = edit.captionTemplate, !templates.contains(template) {
            throw PreferencesError.template
        }
        if case .some(.some(let font)) = edit.captionFont, try await catalog.fonts(named: [font]).isEmpty {
            throw PreferencesError.font
        }
        let now = desk.clock.now()
        return try await desk.store.write { writer in
            // Nothing is kept for a user who was deleted meanwhile.
            _ = try writer.activeUser(caller.user, at: now)
            let preferences = try edit.applied(to: try writer.preferences.find(caller.user) ?? .ordinary)
            try writer.preferencesWriter.put(preferences, of: caller.user)
            return preferences
        }
    }
}

/// What cannot be preferred.
public enum PreferencesError: CodedError, Equatable, CaseIterable {
    /// There is no such caption template.
    case template
    /// There is no such font on the server.
    case font

    /// The stable code.
    public var code: String {
        switch self {
        case .template: "template_unknown"
        case .font: "font_unknown"
        }
    }

    /// What was wrong and what to do.
    public var explanation: String {
        switch self {
        case .template: "There is no such caption template; see the list of templates."
        case .font: "There is no such font on the server; see the list of fonts."
        }
    }
}

extension PreferencesEdit {
    fileprivate func applied(to former: Preferences) throws(ClipOptionsError) -> Preferences {
        let changes = former.captionChanges
        return try Preferences(
            formats: formats ?? former.formats, captionTemplate: captionTemplate ?? former.captionTemplate,
            captionChanges: CaptionChanges(
                font: captionFont ?? changes.font, size: captionSize ?? changes.size,
                colour: captionColour ?? changes.colour),
            notifiesByMail: notifiesByMail ?? former.notifiesByMail)
    }
}
