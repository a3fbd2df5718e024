internal import Domain

extension ProblemKind {
    static let configurationVetoed = named("configuration_vetoed")
    static let configurationUnreadable = named("configuration_unreadable")
    static let preconditionRequired = named("precondition_required")
}

extension Problem {
    /// The refusals that have to do with the configuration.
    ///
    /// - Parameter place: Where in the body the settings stand.
    init(_ error: ConfigurationRefusal, under place: String = "") {
        switch error {
        case .stale: self.init(.preconditionFailed, error.explanation)
        case .unconditional: self.init(.preconditionRequired, error.explanation)
        case .unusable(let reasons):
            self.init(
                faults: reasons.sorted { $0.key < $1.key }.map { name, reason in
                    Fault(.body(place + JSONPointer.root.member(name).text), .notAllowed, reason)
                })
        case .vetoed: self.init(.configurationVetoed, error.explanation)
        case .unreadable: self.init(.configurationUnreadable, error.explanation)
        }
    }
}
