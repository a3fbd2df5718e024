import Domain

/// What captions can be set in now: the names of templates and fonts.
struct CaptionChoice: Sendable {
    /// The templates.
    let templates: [String]
    /// The fonts, of those that were asked for.
    let fonts: Set<String>
}

extension CaptionCatalog {
    /// The choice for an order of the caller's, whose own font and, where it leaves that out, the preferred one are
    /// looked for; nothing is listed for an order that takes the template's.
    func choice(for command: SubmitVideoTask.Command, by caller: Caller, in store: any Store) async throws
        -> CaptionChoice
    {
        var wanted = Set([command.options.captionChanges.font].compactMap { $0 })
        if command.leftOut.contains(.captionFont), caller.means != .local,
            let preferred = try store.read({ try $0.preferences.find(caller.user)?.captionChanges.font })
        {
            wanted.insert(preferred)
        }
        let fonts = wanted.isEmpty ? [] : try await fonts(named: wanted)
        return CaptionChoice(templates: templates.map(\.name), fonts: fonts)
    }

    /// Those of some font families in which captions can be set.
    func fonts(named names: Set<String>) async throws -> Set<String> {
        names.intersection(try await fonts().map(\.name))
    }
}
