/// A value that must never appear in a log, an error or a debugger's output.
///
/// However it is printed, only that there is one can be seen.
public protocol Redacted: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {}

extension Redacted {
    /// What stands for the value.
    public var description: String { "(redacted)" }
    /// What stands for the value.
    public var debugDescription: String { description }
    /// No children: `dump` and string interpolation of an enclosing value see nothing either.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
