import Application
import CCurl
import Synchronization

/// The thread on which all transfers of one client run, by libcurl's multi interface.
///
/// `@unchecked Sendable`: the multi handle and the running transfers belong to the thread; the only call that
/// libcurl allows from others, `curl_multi_wakeup`, is made under the lock that guards the commands, and the
/// thread frees the handle only after it took the last command from under the same lock.
final class TransferThread: @unchecked Sendable {
    private enum Command {
        case add(Transfer)
        case cancel(Transfer)
        case stop
    }

    private let multi: UnsafeMutableRawPointer
    private let commands = Mutex<[Command]>([])
    private var running: [UnsafeMutableRawPointer: Transfer] = [:]

    /// Starts the thread; `stop()` ends it.
    ///
    /// - Throws: ``PortError/unavailable(_:retryAfter:)`` when there is no thread or memory to be had.
    init() throws(PortError) {
        guard let multi = curl_multi_init() else { throw .unavailable("libcurl could not start") }
        self.multi = multi
        do {
            try OwnThread.attempt { self.run() }
        } catch {
            curl_multi_cleanup(multi)
            throw error
        }
    }

    func add(_ transfer: Transfer) { give(.add(transfer)) }

    func cancel(_ transfer: Transfer) {
        transfer.isCancelled.store(true, ordering: .relaxed)
        give(.cancel(transfer))
    }

    func stop() { give(.stop) }

    private func give(_ command: Command) {
        commands.withLock { commands in
            commands.append(command)
            curl_multi_wakeup(multi)
        }
    }

    private func run() {
        while obeyCommands() {
            var count: Int32 = 0
            curl_multi_perform(multi, &count)
            finishTransfers()
            // Returns at once for a wake-up that came meanwhile.
            curl_multi_poll(multi, nil, 0, 60_000, nil)
        }
        for transfer in running.values {
            curl_multi_remove_handle(multi, transfer.handle.pointer)
            transfer.abandon()
        }
        running = [:]
        curl_multi_cleanup(multi)
    }

    /// Returns whether to go on.
    private func obeyCommands() -> Bool {
        let given = commands.withLock { commands in
            defer { commands = [] }
            return commands
        }
        for command in given {
            switch command {
            case .add(let transfer):
                if transfer.isCancelled.load(ordering: .relaxed) {
                    transfer.abandon()
                } else {
                    running[transfer.handle.pointer] = transfer
                    curl_multi_add_handle(multi, transfer.handle.pointer)
                }
            case .cancel(let transfer):
                guard running.removeValue(forKey: transfer.handle.pointer) != nil else { continue }
                curl_multi_remove_handle(multi, transfer.handle.pointer)
                transfer.abandon()
            case .stop:
                return false
            }
        }
        return true
    }

    private func finishTransfers() {
        var remaining: Int32 = 0
        while let message = curl_multi_info_read(multi, &remaining) {
            guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle,
                let transfer = running.removeValue(forKey: handle)
            else { continue }
            let result = cutroom_curl_result(message)
            // The message is gone once the handle is removed, so its result was read before.
            curl_multi_remove_handle(multi, handle)
            transfer.finish(result)
        }
    }
}
