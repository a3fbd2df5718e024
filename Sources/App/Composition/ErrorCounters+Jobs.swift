import Application
import Domain

extension ErrorCounters {
    /// Counts what a change of a job says about failures: a job that failed is tried again after a growing, jittered
    /// pause within its budget of tries, and may then work.
    func count(_ change: JobChange) {
        let job = change.job
        switch change.event {
        case .retried(_, let failure):
            countRetry()
            countFailure(code: failure.code, operation: job.kind, service: nil)
        case .discarded(let failure?): countFailure(code: failure.code, operation: job.kind, service: nil)
        case .completed where job.failures > 0: countRecovery()
        default: break
        }
    }
}
