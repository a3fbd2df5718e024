package import Application

/// What the API can do about the configuration of the server.
package struct ConfigurationCapabilities: Sendable {
    let get: GetConfiguration
    let edit: EditConfiguration
    let validate: ValidateConfiguration
    let listRevisions: ListRevisions
    let rollBack: RollBackConfiguration
    let reset: ResetConfiguration
    let reload: ReloadConfiguration
    let export: ExportConfiguration
    let bringIn: ImportConfiguration

    /// All use cases of a keeper.
    package init(_ keeper: ConfigurationKeeper) {
        get = GetConfiguration(keeper)
        edit = EditConfiguration(keeper)
        validate = ValidateConfiguration(keeper)
        listRevisions = ListRevisions(keeper)
        rollBack = RollBackConfiguration(keeper)
        reset = ResetConfiguration(keeper)
        reload = ReloadConfiguration(keeper)
        export = ExportConfiguration(keeper)
        bringIn = ImportConfiguration(keeper)
    }
}
