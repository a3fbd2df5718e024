// The only file of the Domain that reaches into the C library: everything else computes with these.
import Glibc

/// The natural logarithm of `value`; NaN for a negative one.
package func naturalLogarithm(_ value: Double) -> Double { Glibc.log(value) }

/// Euler's number raised to `value`.
package func exponential(_ value: Double) -> Double { Glibc.exp(value) }

/// `base` raised to `exponent`.
package func power(_ base: Double, _ exponent: Double) -> Double { Glibc.pow(base, exponent) }

extension FixedWidthInteger {
    /// The integer nearest to `value`, the bound that it exceeds, or 0 for NaN.
    ///
    /// For numbers that come from outside, on which a plain conversion ends the process.
    package init(nearest value: Double) {
        let rounded = value.rounded()
        if let whole = Self(exactly: rounded) {
            self = whole
        } else {
            self = rounded.isNaN ? 0 : rounded < 0 ? .min : .max
        }
    }

    /// The sum, or the bound that it exceeds.
    package func saturatingSum(_ other: Self) -> Self {
        let (sum, overflows) = addingReportingOverflow(other)
        return overflows ? (other < 0 ? .min : .max) : sum
    }

    /// The difference, or the bound that it exceeds.
    package func saturatingDifference(_ other: Self) -> Self {
        let (difference, overflows) = subtractingReportingOverflow(other)
        return overflows ? (other < 0 ? .max : .min) : difference
    }
}

/// How likely a value of the standard normal distribution is to be at most `value`, 0–1.
package func normalProbability(upTo value: Double) -> Double { Glibc.erfc(-value / 2.0.squareRoot()) / 2 }
