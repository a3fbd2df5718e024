import CLinux
import Domain
import Glibc
import Synchronization

/// A program that somebody waits for.
struct ChildOrder: Sendable {
    let ticket: ChildTicket
    let program: ChildProgram
    /// What it carries in its environment; see ``ChildProcesses/markPrograms(by:)``.
    let mark: String?
    let onOutput: ChildProcesses.Listener?
    let onComplaint: ChildProcesses.Listener?
    let answer: CheckedContinuation<ChildResult, any Error>
}

/// Names one run; says whether it was cancelled, which may happen before the reactor hears of it.
final class ChildTicket: Sendable {
    let cancelled = Atomic(false)
}

/// The thread behind ``ChildProcesses``: a loop around `poll` over every child's outputs and process descriptor.
final class ChildReactor: Sendable {
    enum Message: Sendable {
        case start(ChildOrder)
        case cancel(ChildTicket)
    }

    private let mailbox = Mutex<[Message]>([])
    /// A pipe: the loop sleeps on one end, whoever posts writes to the other.
    private let wakeReader: Int32
    private let wakeWriter: Int32

    init() {
        var ends: [Int32] = [-1, -1]
        let made = linux_pipe2(&ends, O_CLOEXEC | O_NONBLOCK)
        precondition(made == 0, "no descriptor is left to start with")
        (wakeReader, wakeWriter) = (ends[0], ends[1])
        var thread = pthread_t()
        // The reference that the thread takes is never given back: it runs as long as the process.
        let started = pthread_create(&thread, nil, runReactor, Unmanaged.passRetained(self).toOpaque())
        precondition(started == 0, "no thread is left to start with")
        pthread_detach(thread)
    }

    func post(_ message: Message) {
        mailbox.withLock { $0.append(message) }
        var byte: UInt8 = 1
        // A full pipe wakes the loop just as well.
        _ = write(wakeWriter, &byte, 1)
    }

    fileprivate func loop() {
        // Signals belong to the threads that expect them.
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, nil)

        var children: [ObjectIdentifier: RunningChild] = [:]
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        while true {
            sleep(until: children.values)
            for message in takeMessages() {
                switch message {
                case .start(let order) where order.ticket.cancelled.load(ordering: .sequentiallyConsistent):
                    order.answer.resume(throwing: CancellationError())
                case .start(let order):
                    if let child = RunningChild(order) { children[ObjectIdentifier(order.ticket)] = child }
                case .cancel(let ticket):
                    children[ObjectIdentifier(ticket)]?.kill(because: CancellationError())
                }
            }
            let now = ContinuousClock.now
            for ticket in Array(children.keys) {
                guard var child = children.removeValue(forKey: ticket) else { continue }
                child.readOutputs(into: buffer, now: now)
                child.enforceTimes(now: now)
                if child.hasEnded() {
                    child.finish(buffer)
                } else {
                    children[ticket] = child
                }
            }
        }
    }

    private func takeMessages() -> [Message] {
        var bytes: [UInt8] = Array(repeating: 0, count: 256)
        while read(wakeReader, &bytes, bytes.count) > 0 {}
        return mailbox.withLock { mailbox in
            defer { mailbox.removeAll() }
            return mailbox
        }
    }

    private func sleep(until children: some Collection<RunningChild>) {
        var waits = [pollfd(fd: wakeReader, events: Int16(POLLIN), revents: 0)]
        var timeout: Duration?
        let now = ContinuousClock.now
        for child in children {
            for descriptor in child.descriptors {
                waits.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
            }
            if let next = child.nextLimit { timeout = min(timeout ?? .seconds(3600), max(.zero, next - now)) }
        }
        // One more, so that the limit has passed by then.
        let milliseconds = timeout.map { Int32(clamping: $0.wholeMilliseconds + 1) } ?? -1
        poll(&waits, nfds_t(waits.count), milliseconds)
    }
}

/// Where the thread begins; a plain function, because C calls it.
private func runReactor(_ reactor: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let reactor else { return nil }
    Unmanaged<ChildReactor>.fromOpaque(reactor).takeUnretainedValue().loop()
    return nil
}
