import { myRaba } from './my-raba.mjs'

export default {
  variants: [
    {
      name: 'mine',
      note: 'BVAL, AUX, CONF and a common coin, with a biased round 0',
      make: ({ commonCoin }) => myRaba({ coin: commonCoin }),
    },
  ],
}
