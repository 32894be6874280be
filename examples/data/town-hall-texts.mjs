/**
 * What is talked about in the town hall of the example. `{p}` is a place, `{n}` a number.
 * Each matter: title and proposal, reasons for, reasons against, questions; in English and in Chinese.
 */

/** Who takes part; `zh` marks those who mostly write Chinese. */
export const people = [
  { name: 'Amara Osei' }, { name: 'Bruno Keller' }, { name: '陈秀兰', zh: true }, { name: 'Dilek Yıldız' },
  { name: 'Elin Sandvik' }, { name: '范志强', zh: true }, { name: 'Giulia Ferri' }, { name: '何雨桐', zh: true },
  { name: 'Ifeoma Eze' }, { name: 'Jonas Brandt' }, { name: '柯建平', zh: true }, { name: 'Leila Haddad' },
  { name: 'Mateusz Wrona' }, { name: '倪晓芳', zh: true }, { name: 'Olivia Marsh' }, { name: '潘国栋', zh: true },
  { name: 'Quentin Roche' }, { name: '任慧敏', zh: true }, { name: 'Sofia Lindqvist' }, { name: '唐明远', zh: true },
  { name: 'Uma Raghavan' }, { name: 'Viktor Hale' }, { name: '吴佩珊', zh: true }, { name: 'Ximena Duarte' },
  { name: '袁立新', zh: true }, { name: 'Zoe Papadaki' }, { name: '邹春燕', zh: true }, { name: 'Tomás Brennan' },
]

export const places = [
  { en: 'Mill Lane', zh: '磨坊巷' }, { en: 'the old market', zh: '老市场' }, { en: 'Station Road', zh: '车站路' },
  { en: 'the river bank', zh: '河岸' }, { en: 'Linden Square', zh: '椴树广场' }, { en: 'the north quarter', zh: '北区' },
  { en: 'Harbour Street', zh: '港口街' }, { en: 'the school hill', zh: '学校坡' },
]

export const matters = [
  {
    tag: 'opening-hours',
    en: {
      title: 'Library at {p}: open on two evenings a week',
      text: 'Who works until six never sees the library at {p} open. I propose to open it on Tuesday and Thursday until 21:00 and to close on Monday morning instead, when hardly {n} people come.',
      pro: ['My daughter does her homework in the stairwell because the library closes at five.', 'Monday mornings are empty; I have counted for a month.', 'An open reading room in winter is also a warm room for those who save on heating.'],
      con: ['The two librarians already work late on Fridays; ask them before we vote.', 'Evening opening without a caretaker means nobody locks the bicycle gate.'],
      ask: ['Who pays for the light and the heating after six?', 'Could volunteers look after the returns desk, or does the insurance forbid it?'],
    },
    zh: {
      title: '{p}的图书馆每周开放两个晚上',
      text: '下班到六点的人从来赶不上{p}图书馆开门。我建议周二和周四开到晚上九点，改在周一上午闭馆，那时来的人还不到{n}个。',
      pro: ['孩子放学后没地方写作业，只能坐在楼道里。', '周一上午几乎没人，我连着数了一个月。', '冬天有一间亮着灯的阅览室，省暖气的老人也有个去处。'],
      con: ['两位馆员周五已经加班了，表决之前应该先问问她们。', '晚上没有门卫，自行车棚的门谁来锁？'],
      ask: ['六点以后的电费和暖气费由谁承担？', '还书台可以请志愿者照看吗，保险允不允许？'],
    },
  },
  {
    tag: 'playground',
    en: {
      title: 'A new surface for the playground at {p}',
      text: 'The gravel under the climbing frame at {p} has worn down to the concrete. Three children needed stitches this year. I ask for wood chips, {n} centimetres deep, and for somebody who rakes them every month.',
      pro: ['Wood chips cost a tenth of rubber mats and can be changed by ourselves in one afternoon.', 'The kindergarten uses this playground every morning, it is not only about the neighbours.', 'We have talked about it since spring; the concrete has not become softer.'],
      con: ['Wood chips are full of cat dirt within a week, I have seen it at the other playground.', 'Rubber mats are dear, but nobody has to rake them.'],
      ask: ['Has somebody asked the inspector which depth is needed under a frame of that height?', 'Would the parents of the kindergarten help with the work?'],
    },
    zh: {
      title: '更换{p}游乐场的地面',
      text: '{p}攀爬架下面的碎石已经磨得露出水泥。今年有三个孩子摔破了头。我提议铺{n}厘米厚的木屑，并且安排人每个月耙平一次。',
      pro: ['木屑的价钱只有橡胶垫的十分之一，我们自己一个下午就能换完。', '幼儿园每天上午都用这个场地，不只是附近几家的事。', '从春天说到现在，水泥可没有变软。'],
      con: ['木屑一个星期就全是猫屎，另一个游乐场就是这样。', '橡胶垫贵是贵，但是不用人去耙。'],
      ask: ['这么高的架子按规定要铺多厚，有人问过检查员吗？', '幼儿园的家长愿不愿意来帮忙？'],
    },
  },
  {
    tag: 'bus',
    en: {
      title: 'Bus line {n}: one more stop at {p}',
      text: 'Between the clinic and the terminus the bus passes {p} without stopping. It is 900 metres uphill for everybody who lives there. One stop costs the driver forty seconds.',
      pro: ['My mother is 81 and walks that hill with her shopping.', 'With the stop, eleven pupils would no longer be driven to school by car.', 'The driver told me that she waits at the terminus for four minutes anyway.'],
      con: ['Forty seconds here, forty seconds there, and in the end we miss the train.', 'The pavement is too narrow for a shelter; people would stand in the rain or on the road.'],
      ask: ['Does the bus company decide, or do we?', 'Could the bus stop on request only?'],
    },
    zh: {
      title: '{n}路公交在{p}增设一站',
      text: '从诊所到终点站，公交车经过{p}却不停。住在那里的人要走九百米上坡路。多停一站，司机只多花四十秒。',
      pro: ['我母亲八十一岁了，每次提着菜爬那个坡。', '有了这一站，十一个学生就不用家长开车送了。', '司机跟我说，她在终点站本来就要等四分钟。'],
      con: ['这里四十秒，那里四十秒，最后就赶不上火车了。', '人行道太窄，放不下候车亭，下雨天大家只能站在马路上。'],
      ask: ['这件事是公交公司说了算，还是我们说了算？', '能不能做成招手即停？'],
    },
  },
  {
    tag: 'budget',
    en: {
      title: 'Participatory budget: {n} thousand for {p}',
      text: 'From the money that was left over last year, {n} thousand should go to {p}, and the people who live there should decide for what. The only conditions: it must be finished within a year, and the bills are public.',
      pro: ['If we are trusted with small sums, we learn to handle larger ones.', 'Public bills are the best cure for rumours.', 'The quarter has received nothing since the bridge was repaired.'],
      con: ['What is left over should first pay back the loan for the swimming pool.', 'A year is too short: permits alone take eight months.'],
      ask: ['What happens with what is not spent?', 'Who counts as living there: by address, or by school district?'],
    },
    zh: {
      title: '参与式预算：拨{n}千元给{p}',
      text: '去年结余的钱里拿出{n}千元给{p}，怎么用由住在那里的人自己决定。条件只有两个：一年之内完工，账目公开。',
      pro: ['小钱放心交给大家，大家才学得会管大钱。', '账目公开是治谣言最好的药。', '自从修完桥以后，这一片什么都没分到过。'],
      con: ['有结余应该先还游泳馆的贷款。', '一年太短，光办许可就要八个月。'],
      ask: ['没花完的钱怎么处理？', '怎样算是住在那里的人：看住址，还是看学区？'],
    },
  },
  {
    tag: 'trees',
    en: {
      title: 'Plant {n} trees at {p}',
      text: 'In July the asphalt at {p} was 54 degrees hot. I propose {n} trees, field maple and small-leaved lime, planted in November, each with a sponsor who waters it in the first two summers.',
      pro: ['Lime trees in bloom are the best thing that the bees of the school garden can get.', 'Shade is the cheapest air conditioning.', 'I would take two trees in front of my shop and water them.'],
      con: ['We lose nine parking spaces, and the craftsmen need them.', 'Lime trees drip in June; ask anybody who parks under one.'],
      ask: ['Where do the water and gas pipes run?', 'What becomes of a tree whose sponsor moves away?'],
    },
    zh: {
      title: '在{p}种{n}棵树',
      text: '七月份{p}的柏油路面有五十四度。我建议十一月种{n}棵树，栓皮槭和小叶椴，每棵树由一个人认养，头两个夏天负责浇水。',
      pro: ['椴树开花，是学校菜园里的蜜蜂最好的粮食。', '树荫是最便宜的空调。', '我店门口可以认两棵，水我来浇。'],
      con: ['要少九个停车位，师傅们干活要用车。', '椴树六月会滴蜜露，在树下停过车的人都知道。'],
      ask: ['自来水管和煤气管从哪里走？', '认养人搬走了，树怎么办？'],
    },
  },
  {
    tag: 'noise',
    en: {
      title: 'Noise at night around {p}',
      text: 'Since the terrace opened at {p}, nobody who lives above it sleeps before one. I do not want it closed. I want chairs inside at 22:30 on weekdays, and a telephone number that somebody answers.',
      pro: ['I start work at four; one and a half hours of sleep less is a lot.', 'A number that is answered would have spared us three letters by lawyers.', 'The landlord himself says that 22:30 would be fine in winter.'],
      con: ['Who moves above a square cannot ask for the silence of a village.', 'If the terrace closes, the young people sit on the steps, and there nobody is responsible.'],
      ask: ['Has anybody measured it, or are we guessing?', 'Would sound-absorbing awnings help?'],
    },
    zh: {
      title: '{p}夜间噪音问题',
      text: '自从{p}开了露天座位，楼上的人一点之前没法睡。我不是要它关门。我只希望工作日晚上十点半把椅子收进去，再留一个真有人接的电话。',
      pro: ['我四点就要上班，少睡一个半小时可不是小事。', '要是有个打得通的电话，那三封律师信就不用写了。', '老板自己也说，冬天十点半收摊没问题。'],
      con: ['住到广场楼上，就别指望像乡下一样安静。', '露天座收了，年轻人就坐到台阶上去，那里谁也管不着。'],
      ask: ['有人测过分贝吗，还是大家凭感觉？', '装吸音的遮阳篷有没有用？'],
    },
  },
  {
    tag: 'crossing',
    en: {
      title: 'A raised crossing at {p}',
      text: 'Cars come down to {p} at more than {n} km/h, and the school children cross exactly there. A raised crossing slows every car and needs no police.',
      pro: ['Since my son was nearly run over I walk with him although he is eleven.', 'A raised crossing is also level with the pavement, which helps wheelchairs and prams.', 'Paint has been tried twice. Paint does not slow anybody.'],
      con: ['The fire engine has to pass there, and every bump costs it seconds.', 'Bumps make noise: each lorry with an empty trailer will be heard three streets away.'],
      ask: ['What does the ambulance service say?', 'Would a narrower lane do the same for less?'],
    },
    zh: {
      title: '在{p}修一条抬高的人行横道',
      text: '车子开到{p}时速超过{n}公里，学生偏偏就在那里过马路。把人行横道抬高，每辆车都会慢下来，也不用派警察。',
      pro: ['儿子差点被撞以后，他十一岁了我还天天接送。', '抬高以后和人行道一样平，轮椅和婴儿车也方便。', '画线已经试过两次了，画线挡不住车。'],
      con: ['消防车要从那里过，每道坎都要耽误几秒。', '有坎就有响声，空挂车一过，三条街外都听得见。'],
      ask: ['急救站怎么说？', '把车道改窄是不是一样有效，还更省钱？'],
    },
  },
  {
    tag: 'market',
    en: {
      title: 'Weekly market: move it to {p}',
      text: 'The market has {n} stalls left where once there were thirty. At {p} there are people on their way home, water, and shade. Let us try it for one season and then look at the numbers.',
      pro: ['The cheese woman says that she will stop in autumn if nothing changes.', 'Between four and seven in the afternoon I could buy there; on Wednesday morning I cannot.', 'A trial season hurts nobody, and we would know instead of believing.'],
      con: ['The bakery at the old place lives on market days.', 'There are no toilets, and the vendors stand there for eight hours.'],
      ask: ['Where would the vans park?', 'Is there electricity for the cooled counters?'],
    },
    zh: {
      title: '把每周的集市搬到{p}',
      text: '集市从三十个摊位只剩下{n}个。{p}有下班路过的人，有水，有树荫。先试一季，再看数字说话。',
      pro: ['卖奶酪的大姐说，再不变，秋天她就不来了。', '下午四点到七点我能去买菜，周三上午我去不了。', '试一季不伤谁，心里也有数，不用猜。'],
      con: ['老地方那家面包店就靠赶集的日子。', '那边没有厕所，摊主一站就是八个小时。'],
      ask: ['送货的面包车停在哪里？', '冷柜有没有电可用？'],
    },
  },
  {
    tag: 'repair',
    en: {
      title: 'A repair workshop at {p}, every first Saturday',
      text: 'Lamps, trousers, bicycles, radios: {n} of us can repair something. We need one room at {p} with good light and four sockets, one Saturday a month, and a shelf that can be locked.',
      pro: ['Last time we saved nineteen things from the dump and I learnt how to solder.', 'It is the only place where my grandfather and his neighbours from abroad talk to each other.', 'The room is empty on Saturdays anyway.'],
      con: ['Who is liable if a repaired toaster burns?', 'The room was promised to the choir for the rehearsals before the festival.'],
      ask: ['May donations be taken for spare parts?', 'Could we use the workshop of the school instead?'],
    },
    zh: {
      title: '每月第一个周六在{p}办修理铺',
      text: '台灯、裤子、自行车、收音机，我们有{n}个人会修东西。需要{p}的一间屋子，光线好、有四个插座，每月一个周六，再加一个能上锁的柜子。',
      pro: ['上次救回来十九样东西，我还学会了焊锡。', '只有在那里，我爷爷才跟外地来的邻居聊得起来。', '那间屋子周六本来就空着。'],
      con: ['修好的烤面包机要是着火，算谁的？', '那间屋子节前已经答应给合唱团排练了。'],
      ask: ['买零件可以收捐款吗？', '用学校的工作间行不行？'],
    },
  },
  {
    tag: 'streetlights',
    en: {
      title: 'Street lights at {p}: dim them after midnight',
      text: 'Between midnight and five the lamps at {p} could burn with a third of their power. That saves {n} thousand kilowatt hours a year, and the bats come back.',
      pro: ['My bedroom would be dark for the first time in ten years.', 'Light that shines upwards helps nobody; a third of it downwards is enough.', 'The money that we save pays for the broken lamps elsewhere.'],
      con: ['The late shift walks home at one, and I want to see who comes towards me.', 'Dimmed lamps look broken, and then people report them every night.'],
      ask: ['Could the lamps become bright when somebody walks by?', 'Were there more accidents in the towns that did this?'],
    },
    zh: {
      title: '{p}的路灯午夜以后调暗',
      text: '半夜十二点到五点，{p}的路灯用三分之一的亮度就够了。一年省下{n}千度电，蝙蝠也会回来。',
      pro: ['十年来我的卧室头一回能暗下来。', '往天上照的光谁也用不着，往下的有三分之一就够。', '省下来的钱正好修别处坏了的灯。'],
      con: ['上晚班的一点才走回家，我想看清迎面来的是谁。', '灯一暗别人就以为坏了，天天有人报修。'],
      ask: ['能不能有人走近才变亮？', '别的镇这么做以后，事故多了吗？'],
    },
  },
  {
    tag: 'water',
    en: {
      title: 'Drinking fountain at {p}',
      text: 'On hot days people fill their bottles in the toilets of the station. A fountain at {p}, with a low bowl for dogs, costs {n} hundred a year including the tests of the water.',
      pro: ['The football club trains next to it and would clean the basin every week.', 'Tourists would stay for ten minutes longer, and buy an ice cream.', 'Water should not be something that one has to buy in plastic.'],
      con: ['The last fountain was full of chewing gum after a month.', 'In winter it has to be emptied, and last time this was forgotten and the pipe burst.'],
      ask: ['Who tests the water, and how often?', 'Is there a tap for people in wheelchairs?'],
    },
    zh: {
      title: '在{p}装一个饮水池',
      text: '天一热，大家只能到车站厕所里灌水瓶。在{p}装一个饮水池，下面带一个给狗喝水的小盆，连水质检测一年{n}百元。',
      pro: ['球队就在旁边训练，愿意每周擦一次池子。', '游客会多坐十分钟，顺便买根冰棍。', '喝水不该非得买塑料瓶。'],
      con: ['上一个饮水池一个月就塞满了口香糖。', '冬天要放水，上回忘了，水管就冻裂了。'],
      ask: ['水质谁来测，多久测一次？', '坐轮椅的人够得着吗？'],
    },
  },
  {
    tag: 'school-meals',
    en: {
      title: 'School lunch: cook at {p} instead of having it delivered',
      text: 'The lunch comes from 60 kilometres away and is lukewarm. The kitchen at {p} stands empty. Two cooks and one apprentice could make {n} meals a day, for 40 cents more each.',
      pro: ['My children throw half of it away; that is dearer than 40 cents.', 'Three farmers here would deliver potatoes and carrots right away.', 'An apprentice who learns in our kitchen may stay in our town.'],
      con: ['Forty cents times two children times two hundred days is not nothing for us.', 'The kitchen has no cold room, and without one the inspector will close it.'],
      ask: ['What happens when a cook is ill?', 'Can families with little money get the difference back without begging for it?'],
    },
    zh: {
      title: '学校午饭改由{p}的厨房自己做',
      text: '现在的午饭从六十公里外送来，到了已经半凉。{p}的厨房空着。两个厨师加一个学徒，一天可以做{n}份，每份贵四毛。',
      pro: ['我家孩子倒掉一半，那可比四毛贵。', '本地三家农户马上就能送土豆和胡萝卜。', '在我们厨房学手艺的学徒，说不定就留在镇上了。'],
      con: ['四毛乘两个孩子再乘两百天，对我们家不是小数目。', '厨房没有冷库，没有冷库检查员就会叫停。'],
      ask: ['厨师病了怎么办？', '钱不宽裕的家庭，差价能不能不用求人就退回来？'],
    },
  },
  {
    tag: 'cycling',
    en: {
      title: 'A cycle lane along {p}',
      text: 'From {p} to the station it takes eleven minutes by bicycle, if one dares. A lane of 1.8 metres fits if the parking on one side goes; {n} cars would have to stand elsewhere.',
      pro: ['I ride this way every day and have been shouted at more often than I have been greeted.', 'Every person on a bicycle is one car less in front of yours.', 'The lane of the neighbouring town was full after two weeks.'],
      con: ['My customers carry heavy things; without parking they go to the superstore.', 'A painted line is not protection, it only looks like it.'],
      ask: ['Could deliveries be allowed before ten?', 'Where do the buses stop, on the lane or beside it?'],
    },
    zh: {
      title: '沿{p}修一条自行车道',
      text: '从{p}到车站骑车十一分钟，前提是你敢骑。取消一侧停车，就放得下一米八的车道，有{n}辆车要停到别处去。',
      pro: ['我天天走这条路，挨骂的次数比打招呼的多。', '多一个骑车的人，你前面就少一辆汽车。', '隔壁镇的车道，两个星期就骑满了。'],
      con: ['我的客人要搬重东西，没地方停车就去大超市了。', '画一条线不算保护，只是看着像。'],
      ask: ['十点以前可以卸货吗？', '公交车停在车道上还是车道旁边？'],
    },
  },
  {
    tag: 'festival',
    en: {
      title: 'Summer festival: this year at {p}',
      text: 'The festival could be at {p}, smaller, with {n} long tables to which everybody brings what they cook. No big stage, music without amplifiers, and it ends at eleven.',
      pro: ['I still remember the year of the long tables; I met my neighbours there after living next door for six years.', 'Without a stage we save the fee for the security company.', 'My children can run about there without crossing a street.'],
      con: ['The bands of our youth have waited a year for a stage with electricity.', 'When it rains there is no roof at all.'],
      ask: ['Is there a date if it rains?', 'Who washes up after four hundred people?'],
    },
    zh: {
      title: '今年的夏日节办在{p}',
      text: '夏日节可以办在{p}，规模小一点，摆{n}张长桌，各家带自己做的菜。不搭大舞台，音乐不用音箱，十一点结束。',
      pro: ['摆长桌那一年我还记得，做了六年邻居，那天才认识。', '不搭舞台，保安公司的钱就省了。', '孩子们在那里跑，不用过马路。'],
      con: ['我们年轻人的乐队等一个有电的舞台等了一年。', '下雨的话连个棚都没有。'],
      ask: ['下雨改到哪一天？', '四百个人吃完，碗谁洗？'],
    },
  },
  {
    tag: 'waste',
    en: {
      title: 'Separate bins for kitchen waste at {p}',
      text: 'A third of what we pay to have burnt is potato peel. Brown bins at {p}, emptied every week in summer, would bring compost for the allotments and save about {n} hundred a month.',
      pro: ['The allotment society takes every barrow of compost that it can get.', 'In my old town it took one summer to get used to it, and nobody wants to go back.', 'What does not rot in the grey bin does not smell there.'],
      con: ['Four bins in a yard of nine square metres: where shall the bicycles go?', 'Emptied every week means every week: last year the lorry did not come twice in August.'],
      ask: ['Are paper bags for it free?', 'What about houses without a yard?'],
    },
    zh: {
      title: '在{p}设厨余垃圾桶',
      text: '我们花钱烧掉的垃圾，三分之一是土豆皮。{p}放棕色桶，夏天每周清一次，菜园有了堆肥，一个月还能省下大约{n}百元。',
      pro: ['菜园协会说，堆肥有多少要多少。', '我以前住的镇子，一个夏天就习惯了，没人想改回去。', '灰桶里没有会烂的东西，自然就不臭了。'],
      con: ['九平方米的院子放四个桶，自行车往哪儿摆？', '说每周清就要每周清，去年八月有两次车没来。'],
      ask: ['装厨余的纸袋免费吗？', '没有院子的楼怎么办？'],
    },
  },
  {
    tag: 'clinic',
    en: {
      title: 'A doctor for {p}: rent the ground floor cheaply',
      text: 'The last practice at {p} closes in June. We own the ground floor next to the pharmacy. For {n} euros a month, a third of the market, we could win a doctor who stays for at least seven years.',
      pro: ['The next practice takes no new patients; I drive 30 kilometres for a prescription.', 'What we lose in rent we save in taxi vouchers for the elderly.', 'A doctor here keeps the pharmacy alive, too.'],
      con: ['If we give cheap rent to one trade, the next one will ask as well.', 'Seven years on paper are worth little if she wants to leave after two.'],
      ask: ['Has anybody spoken with the two young doctors at the hospital?', 'Would a nurse three days a week be a beginning?'],
    },
    zh: {
      title: '低价出租底楼，为{p}请一位医生',
      text: '{p}最后一家诊所六月就要关门。药店旁边的底楼是我们镇的房产。每月只收{n}欧元，市价的三分之一，换一位至少干七年的医生。',
      pro: ['最近的诊所不收新病人，我开个药要跑三十公里。', '少收的房租，从老人的出租车补贴里就省回来了。', '有了医生，药店也能活下去。'],
      con: ['给一行便宜，下一行也会来要。', '白纸黑字写七年，她干两年要走，也拦不住。'],
      ask: ['医院那两位年轻医生，有人去谈过吗？', '先请护士每周来三天行不行？'],
    },
  },
  {
    tag: 'swimming',
    en: {
      title: 'Swimming pool: early hour for {p}',
      text: 'The pool is heated from five, and opens at nine. I propose that people from {p} may swim from six to eight, with {n} volunteers who have the rescue badge.',
      pro: ['Two lengths before work and my back does not hurt all day.', 'The water is warm anyway, so the hour costs nothing but the light.', 'The rescue society looks for members; this would bring some.'],
      con: ['Volunteers with a badge are fine until somebody has a heart attack and one of them has overslept.', 'The cleaners work exactly then.'],
      ask: ['What does the insurance ask for?', 'Why only for one quarter, and not for all?'],
    },
    zh: {
      title: '游泳馆为{p}增加早场',
      text: '游泳池五点就开始加热，九点才开门。我建议六点到八点给{p}的居民游，由{n}名有救生证的志愿者看护。',
      pro: ['上班前游两趟，腰一整天都不疼。', '水反正是热的，多开两个钟头只费点灯。', '救生协会正缺人，这样能招到新人。'],
      con: ['志愿者有证是好，可要是有人心脏病发作，偏偏那天睡过头了呢？', '保洁员正好在那段时间干活。'],
      ask: ['保险有什么要求？', '为什么只给一个区，不给大家？'],
    },
  },
  {
    tag: 'housing',
    en: {
      title: 'The empty house at {p}: flats for young families',
      text: 'The house at {p} has been empty for {n} years, and it is ours. Six flats would fit. I propose to renovate it with the building society and to let the flats by lot among families who have waited longest.',
      pro: ['We send our children away because they find no flat, and then we wonder who will drive the fire engine.', 'A house that nobody heats will fall down and then cost us more.', 'By lot among those who wait: nobody can say that it went to a cousin.'],
      con: ['Renovation costs always double, and the swimming pool is not paid for.', 'I had hoped for a day centre for the elderly there.'],
      ask: ['Has the roof been looked at by somebody who does not want to sell us one?', 'Would two of the flats be without steps?'],
    },
    zh: {
      title: '{p}那栋空房改成青年家庭住房',
      text: '{p}那栋房子空了{n}年，产权是我们的。里面放得下六套房。我建议和住房合作社一起翻修，在等候最久的家庭里抽签分配。',
      pro: ['年轻人租不到房就走了，以后消防车谁来开？', '房子没人住不烧暖气，早晚要塌，到时花钱更多。', '在排队的人里抽签，谁也说不了是给了亲戚。'],
      con: ['翻修费从来都要翻倍，游泳馆的账还没还完呢。', '我本来盼着那里办个老人日托。'],
      ask: ['屋顶请不卖屋顶的人看过吗？', '能不能留两套没有台阶的？'],
    },
  },
  {
    tag: 'openness',
    en: {
      title: 'Minutes of the meetings at {p}: readable within {n} days',
      text: 'The minutes of our meetings at {p} come out after weeks, as a scan that no screen reader can read. They should be text, in both languages, within {n} days, with the votes by number.',
      pro: ['I am blind, and a scan is a blank page for me.', 'What is written down quickly is written down rightly.', 'Whoever works shifts can take part only if there is something to read afterwards.'],
      con: ['The one secretary we have cannot write faster; then give her half a post more.', 'Translation in a hurry makes mistakes, and mistakes make quarrels.'],
      ask: ['Who checks the translation?', 'Are the old minutes going to be made readable as well?'],
    },
    zh: {
      title: '{p}会议记录{n}天内公布，人人能读',
      text: '{p}的会议记录要等几个星期，出来还是扫描图，读屏软件一个字也念不出。应该是文字版，中英文都有，{n}天之内公布，表决写明票数。',
      pro: ['我看不见，扫描件对我就是一张白纸。', '记得快，才记得准。', '倒班的人，只有事后有记录可看，才算参加得了。'],
      con: ['只有一位秘书，再快也快不了，要快就给她加半个人。', '翻译一赶就出错，一出错就吵架。'],
      ask: ['译文由谁核对？', '以前的记录也会补成文字吗？'],
    },
  },
  {
    tag: 'flood',
    en: {
      title: 'Flood protection at {p}: a meadow instead of a wall',
      text: 'The wall at {p} would have to be {n} centimetres higher. A meadow upstream that may be flooded holds more water than the wall keeps out, and in dry years it is a meadow.',
      pro: ['My cellar was full twice; I do not care for beauty, but the calculation convinced me.', 'The farmer who owns it would be paid for every flooded day, and he agrees.', 'A higher wall only sends the water to the next village.'],
      con: ['A meadow needs eight years until the dam is built; the water will not wait.', 'The wall protects also against ice in spring, and the meadow does not.'],
      ask: ['Who made the calculation, and may we see it?', 'What happens with the footpath along the river?'],
    },
    zh: {
      title: '{p}防洪：用滞洪草地代替加高堤墙',
      text: '{p}的堤墙还要加高{n}厘米。上游留一片可以淹的草地，蓄的水比墙挡的还多，旱年它就是一片草地。',
      pro: ['我家地窖淹了两回，好不好看我不管，是那笔账说服了我。', '地主每淹一天拿一天补偿，他也同意了。', '墙再高，水也只是流到下一个村去。'],
      con: ['草地要先修坝，得八年，洪水可不等人。', '堤墙春天还能挡冰，草地挡不了。'],
      ask: ['这笔账是谁算的，能让大家看看吗？', '沿河的步道怎么办？'],
    },
  },
]

export const openers = {
  en: ['', '', '', 'Living at {p}, I can only say: ', 'I had not thought of it before, but: ', 'Short and honest: ', 'After the last meeting I asked around. ', 'As somebody who was against it last year: ', 'One more point. ', 'I read everything above. '],
  zh: ['', '', '', '我就住在{p}，只说一句：', '以前没想过，不过：', '实话实说：', '上次开完会我去问了一圈。', '去年我是反对的，现在说说：', '再补充一点：', '上面的话我都看了。'],
}

export const closers = {
  en: ['', '', '', ' Let us decide it before the summer.', ' I would help with it on {n} Saturdays.', ' Please answer here and not on the telephone.', ' That is all I wanted to say.', ' I can bring the numbers to the next meeting.', ' Thank you for raising this.'],
  zh: ['', '', '', '最好夏天之前定下来。', '我可以出{n}个周六来帮忙。', '请在这里回复，别打电话。', '我就说这些。', '数字我下次开会带来。', '谢谢提出这件事。'],
}

export const replies = {
  en: ['That is a fair question. ', 'I see it differently. ', 'Yes, exactly that. ', 'To the neighbour above: ', 'I asked the office about this. '],
  zh: ['问得好。', '我的看法不一样。', '对，就是这个意思。', '回楼上：', '这个我问过办公室。'],
}

export const short = {
  en: ['Yes.', 'No.', 'Agreed.', 'Thank you!', 'I am for it.', 'Please not.', '+1', 'Fine with me.', 'Well said.', 'Not like this.'],
  zh: ['好。', '不行。', '同意。', '谢谢！', '我赞成。', '别这样。', '支持', '我没意见。', '说得对。', '再想想。'],
}

export const voteReasons = {
  en: ['', '', '', '', 'The reasons above convinced me.', 'It costs too much for what it brings.', 'We should try it.', 'I want to see a plan first.'],
  zh: ['', '', '', '', '上面的理由说服了我。', '花得多，得的少。', '不妨一试。', '先看到方案再说。'],
}

export const minutes = {
  en: {
    title: 'Minutes of the assembly, part {n}',
    head: 'Minutes of the open assembly in the town hall, part {n}. Present at the beginning: {c} people. The chair was drawn by lot. Everybody spoke for at most three minutes; what was said is given in short, in the words of those who said it.\n\n',
    item: 'Item {i}: {t}\nIntroduced by {a}: {text}\n',
    said: '– {a}: {s}\n',
    end: 'The assembly took note and passed the matter on to the vote on the ledger.\n\n',
  },
  zh: {
    title: '居民大会记录，第{n}部分',
    head: '市民大厅居民大会记录，第{n}部分。开会时到场{c}人。主持人由抽签产生。每人发言不超过三分钟，以下按发言人原话摘记。\n\n',
    item: '第{i}项：{t}\n提出人{a}：{text}\n',
    said: '——{a}：{s}\n',
    end: '大会听取意见，交由账本表决。\n\n',
  },
}
