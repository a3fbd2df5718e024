package import Application

/// What can be known of the parts of the process, and done to them.
package struct ComponentCapabilities: Sendable {
    package let list: ListComponents
    package let graph: GetComponentGraph
    package let restart: RestartComponent

    /// The use cases over what runs the parts.
    package init(runner: ComponentRunner) {
        list = ListComponents(runner: runner)
        graph = GetComponentGraph(runner: runner)
        restart = RestartComponent(runner: runner)
    }
}
