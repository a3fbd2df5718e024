import Application
import Domain
import Infrastructure

extension Settings {
    static let spam = Setting.choice(
        "spam", default: ScreeningMode.off,
        "What is done about titles, names and notes that are like spam: nothing, tell of them in the log, or refuse them"
    )

    static let sensitiveText = Setting.choice(
        "sensitive_text", default: ScreeningMode.off,
        "The same for those that hold e-mail addresses, card numbers or keys")

    static let textSettings: [SettingDeclaration] = [spam.declaration, sensitiveText.declaration]
}

extension CompositionRoot {
    /// Looks at what people write; nil where nobody asked for it.
    var texts: TextScreen? {
        TextScreen(
            spam: configuration[Settings.spam], disclosures: configuration[Settings.sensitiveText],
            now: SystemClock.steadyTime, log: log)
    }
}
