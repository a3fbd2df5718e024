import Application
import Domain
import Infrastructure

/// The store of the data folder, and the settings that hold for this start.
struct OpenStore: Sendable {
    /// The settings as the process was started with them.
    let given: Configuration
    /// The settings with what administrators have set for this start.
    let configuration: Configuration
    let data: DataFolder
    let identifiers: IdentifierMaker
    let telemetry: Telemetry
    let log: any Log
    let store: SQLiteStore
    /// Looks for the secret keys.
    let keys: @Sendable () throws -> KeyRing

    /// Opens the store in the data folder that the settings name.
    ///
    /// - Throws: ``CommandFailure`` when it cannot be used.
    init(_ invocation: Invocation, _ telemetry: Telemetry) throws {
        given = invocation.configuration
        identifiers = telemetry.identifiers
        self.telemetry = telemetry
        log = telemetry.loggers.named("server")
        data = DataFolder(given, environment: invocation.environment)
        try data.make()
        store = try CompositionRoot.openStore(data)
        keys = { [given, data, identifiers] in try KeyRing(of: given, in: data, identifiers: identifiers) }
        configuration = given.withAdministrators(of: store, keys: keys, effect: .restart, log: log)
    }
}
