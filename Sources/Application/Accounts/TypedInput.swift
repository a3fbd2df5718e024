import Domain

/// Reads what people type about themselves: in Unicode's composed form, with domains in ASCII and time zones
/// that exist.
public struct TypedInput: Sendable {
    private let normaliser: any TextNormaliser
    private let domains: any DomainNames
    private let calendar: any Calendar

    /// A reader over its ports.
    public init(text: any TextNormaliser, domains: any DomainNames, calendar: any Calendar) {
        normaliser = text
        self.domains = domains
        self.calendar = calendar
    }

    /// Any text.
    func text(_ text: String) -> String {
        normaliser.normalise(text)
    }

    /// A name to sign in with.
    func username(_ text: String) throws(ProfileError) -> Username {
        try Username(normaliser.normalise(text))
    }

    /// An address.
    func email(_ text: String) throws(EmailAddressError) -> EmailAddress {
        try EmailAddress(normaliser.normalise(text), asciiForm: domains.ascii)
    }

    /// A first or last name.
    func personName(_ text: String) throws(ProfileError) -> PersonName {
        try PersonName(normaliser.normalise(text))
    }

    /// A time zone whose days are known.
    func timeZone(_ text: String, at now: Timestamp) throws(ProfileError) -> TimeZoneName {
        let zone = try TimeZoneName(text)
        guard calendar.day(containing: now, in: zone) != nil else { throw .timeZone }
        return zone
    }

    /// A password that someone chooses who has that profile.
    func newPassword(_ text: String, of profile: Profile) throws(PasswordError) -> Password {
        try Password(
            choosing: normaliser.normalise(text), insteadOf: [profile.username.text, profile.email.text])
    }
}
