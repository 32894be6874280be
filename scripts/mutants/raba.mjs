/** Mutants of the binary agreements. */
import bracha from './raba-bracha.mjs'
import cobalt from './raba-cobalt.mjs'
import crain from './raba-crain.mjs'
import cubic from './raba-cubic.mjs'
import quadratic from './raba-quadratic.mjs'

export default [...quadratic, ...cubic, ...bracha, ...crain, ...cobalt]
