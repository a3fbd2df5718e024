public import Application

/// A clock that stands still until a test moves it.
public typealias ManualClock = InMemoryClock
