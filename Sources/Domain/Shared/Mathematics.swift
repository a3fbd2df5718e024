// The only file of the Domain that reaches into the C library: everything else computes with these.
import Glibc

/// The natural logarithm of `value`; NaN for a negative one.
package func naturalLogarithm(_ value: Double) -> Double { Glibc.log(value) }

/// Euler's number raised to `value`.
package func exponential(_ value: Double) -> Double { Glibc.exp(value) }

/// `base` raised to `exponent`.
package func power(_ base: Double, _ exponent: Double) -> Double { Glibc.pow(base, exponent) }
