extension ComponentName {
    /// A name that stands in the program itself.
    ///
    /// - Precondition: It is one.
    public init(known text: StaticString) {
        guard let name = ComponentName("\(text)") else {
            preconditionFailure("\(text) is not the name of a component")
        }
        self = name
    }
}
