import Glibc

/// Wakes one sleeping thread: a ring that comes while it is awake makes its next wait end at once.
final class Doorbell: @unchecked Sendable {
    // Unchecked: the pointers never change, and what they point to is POSIX's means of sharing; `hasRung` is
    // touched under the lock only.
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var hasRung = false

    init() {
        pthread_mutex_init(lock, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        // The wall clock may be set back by an hour; a wait must not grow by it.
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(lock)
        condition.deallocate()
        lock.deallocate()
    }

    func ring() {
        pthread_mutex_lock(lock)
        hasRung = true
        pthread_cond_signal(condition)
        pthread_mutex_unlock(lock)
    }

    /// Waits for a ring, at most for `time`; nil waits for ever.
    func wait(atMost time: Duration?) {
        var deadline = timespec()
        clock_gettime(CLOCK_MONOTONIC, &deadline)
        if let time {
            let nanoseconds = deadline.tv_nsec + Int(time.components.attoseconds / 1_000_000_000)
            deadline.tv_sec += Int(time.components.seconds) + nanoseconds / 1_000_000_000
            deadline.tv_nsec = nanoseconds % 1_000_000_000
        }
        pthread_mutex_lock(lock)
        var code: Int32 = 0
        while !hasRung, code != ETIMEDOUT {
            code =
                time == nil
                ? pthread_cond_wait(condition, lock) : pthread_cond_timedwait(condition, lock, &deadline)
        }
        hasRung = false
        pthread_mutex_unlock(lock)
    }
}
