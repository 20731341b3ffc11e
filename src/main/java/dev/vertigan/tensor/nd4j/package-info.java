/// ND4J's operations alone, in float32 or float64: a full implementation, and the oracle of gradient checks. ND4J's types are known here only.
package dev.vertigan.tensor.nd4j;
