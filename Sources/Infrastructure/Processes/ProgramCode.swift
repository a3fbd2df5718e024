import CLinux

/// The code of this program and its libraries, as it is mapped into the process.
package enum ProgramCode {
    /// Gives back the memory that it takes.
    ///
    /// A start runs through much that is not run again, and wherever it goes the kernel maps 64 KiB around: that is
    /// more than half of what an idle process takes. What runs later is mapped again out of the kernel's cache.
    package static func letGo() {
        linux_let_go_of_code()
    }
}
