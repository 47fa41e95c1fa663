"""Cases of the genre beside the tables: earlier years, lists inside lists, terse and broken text, words in passing."""

from __future__ import annotations

import pytest

from gia_nlp.problems import find_items
from gia_nlp.problems.classifying import classify
from gia_nlp.problems.outline import outline
from gia_nlp.problems.splitting import split_problems
from gia_nlp.records import Item, Layout, Metadata, Prose, Section
from gia_nlp.text.markers import find_markers


def items_of(
    text: str, year: int | None = 2023, heading: str | None = "五、存在的主要问题及改进情况"
) -> tuple[Item, ...]:
    section = Section("problems", heading, 0, 0, len(text))
    layout = Layout((section,), (Prose("problems", 0, len(text)),), (), Metadata(year=year, form="2021"))
    return find_items(text, layout)[0]


def told(
    text: str, year: int | None = 2023, heading: str | None = "五、存在的主要问题及改进情况"
) -> list[tuple[str, str]]:
    return [(i.kind[0] + i.status[0], i.quote.replace("\n", "")) for i in items_of(text, year, heading)]


@pytest.mark.parametrize(
    ("text", "want"),
    [
        # the problems of an earlier year stand only in the openings of what was done about them
        (
            "（一）2022年存在问题的改进情况。针对“村务公开不规范”的问题，已统一公开栏样式。针对“解读不接地气”的问题，拍摄了方言短片。"
            "（二）2023年存在的主要问题。企业知晓不足。",
            [
                ("pp", "村务公开不规范"),
                ("rd", "已统一公开栏样式"),
                ("pp", "解读不接地气"),
                ("rd", "拍摄了方言短片"),
                ("pc", "企业知晓不足"),
            ],
        ),
        (
            "我镇针对上年度存在的栏目更新慢、人员不稳定等问题，采取了以下措施：一是按月更新；二是固定人员。",
            [("pp", "栏目更新慢"), ("pp", "人员不稳定"), ("rd", "按月更新"), ("rd", "固定人员")],
        ),
        (
            "（一）上年度问题整改情况\n1.公开力度不够的问题。补充公开预算信息9条。\n2.培训偏少的问题。举办培训2期。",
            [
                ("pp", "公开力度不够"),
                ("rd", "补充公开预算信息9条"),
                ("pp", "培训偏少"),
                ("rd", "举办培训2期"),
            ],
        ),
        # a cause behind the problem is no part of it where no mark holds them together
        (
            "存在信息更新滞后的问题，主要原因是人员流动大、业务交接不畅。下一步将完善交接制度。",
            [("pc", "信息更新滞后"), ("rp", "完善交接制度")],
        ),
        # one is … one is …
        (
            "一个是公开的主动性不强；一个是错别字时有出现。今后，一要提高认识；二要落实校对。",
            [("pc", "公开的主动性不强"), ("pc", "错别字时有出现"), ("rp", "提高认识"), ("rp", "落实校对")],
        ),
        # the outer list goes on behind an inner one of the same style
        (
            "一是平台有短板。一是检索不便，二是账号更新慢。二是解读质量不高。三是培训不足。",
            [("pc", "检索不便"), ("pc", "账号更新慢"), ("pc", "解读质量不高"), ("pc", "培训不足")],
        ),
        # terse
        ("人手紧。拟增1人。", [("pc", "人手紧"), ("rp", "增1人")]),
        ("公开栏破损。改进措施：已更换。", [("pc", "公开栏破损"), ("rd", "已更换")]),
        ("工作人员业务不熟，下步加强学习。", [("pc", "工作人员业务不熟"), ("rp", "加强学习")]),
        # a page number inside a sentence, a line that the page's width broke
        (
            "一是检索不便；二是解读少，群众看\n－ 7 －\n不明白。",
            [("pc", "检索不便"), ("pc", "解读少，群众看－ 7 －不明白")],
        ),
        (
            "问题1 公示栏样式各不相同。\n问题2 目录与权责清单不对应。\n改进1 统一样式。\n改进2 重编目录。",
            [
                ("pc", "公示栏样式各不相同"),
                ("pc", "目录与权责清单不对应"),
                ("rp", "统一样式"),
                ("rp", "重编目录"),
            ],
        ),
        (
            "▪ 存在问题\n● 所级公开无人检查\n● 公示超期\n▪ 整改情况\n● 成立巡查组，对12个所巡查两遍\n▪ 2024年打算\n● 增设公示屏",
            [
                ("pc", "所级公开无人检查"),
                ("pc", "公示超期"),
                ("rd", "成立巡查组，对12个所巡查两遍"),
                ("rp", "增设公示屏"),
            ],
        ),
        # what a colon ends leads up to the points
        (
            "前进道路上还有不少“拦路虎”：公开的“窗口”还不够敞亮；网上留言回复慢半拍；经办人员本领恐慌。",
            [("pc", "公开的“窗口”还不够敞亮"), ("pc", "网上留言回复慢半拍"), ("pc", "经办人员本领恐慌")],
        ),
        # a year in an opening is the plan's, whoever stands behind it
        (
            "一些账号散、小、弱。2023年，市公安局将抓好以下整改：一是清理账号；二是打造矩阵。",
            [("pc", "一些账号散、小、弱"), ("rp", "清理账号"), ("rp", "打造矩阵")],
        ),
        # paragraphs of a problem and its remedy in turn
        (
            "县乡两级公开质量参差不齐。对此，已部署质量提升行动。\n民生领域信息查找不便。下一步将建设专区。",
            [
                ("pc", "县乡两级公开质量参差不齐"),
                ("rd", "已部署质量提升行动"),
                ("pc", "民生领域信息查找不便"),
                ("rp", "建设专区"),
            ],
        ),
        (
            "我局在以下方面失分：目录未按要求调整；附件打不开。",
            [("pc", "目录未按要求调整"), ("pc", "附件打不开")],
        ),
        # lists of what was put right: the problem named first, then what was done
        (
            "（一）2022年度问题整改情况。对部分栏目空白的问题，逐栏补录信息63条；对解读形式单一的问题，本年度制作图解12幅。"
            "（二）2023年存在的主要问题。一是检索不便。",
            [
                ("pp", "部分栏目空白"),
                ("rd", "逐栏补录信息63条"),
                ("pp", "解读形式单一"),
                ("rd", "制作图解12幅"),
                ("pc", "检索不便"),
            ],
        ),
        (
            "2023年，针对2022年度存在的以下问题进行了改进：\n1.主动公开数量不够。全年新增公开信息47条。\n"
            "2.关于培训不足。举办培训2场。\n2023年度仍存在一些不足：\n1.数据共享不够。系统之间未打通。\n2.互动较少。",
            [
                ("pp", "主动公开数量不够"),
                ("rd", "全年新增公开信息47条"),
                ("pp", "培训不足"),
                ("rd", "举办培训2场"),
                ("pc", "数据共享不够。系统之间未打通"),
                ("pc", "互动较少"),
            ],
        ),
        (
            "对上年报告中提出的问题进行了整改：针对栏目更新不及时的问题，落实专人巡查；针对解读质量不高的问题，邀请专家撰稿。"
            "本年度仍存在基层公开不平衡的问题。",
            [
                ("pp", "栏目更新不及时"),
                ("rd", "落实专人巡查"),
                ("pp", "解读质量不高"),
                ("rd", "邀请专家撰稿"),
                ("pc", "基层公开不平衡"),
            ],
        ),
        (
            "2023年，我局对上一年度存在的问题进行了整改。针对栏目陈旧的问题，清理失效信息67条。2023年存在的主要问题是：效果评估缺失。",
            [("pp", "栏目陈旧"), ("rd", "清理失效信息67条"), ("pc", "效果评估缺失")],
        ),
        (
            "一是上年度指出的“公开栏样式不一”问题，已通过统一制作予以解决。二是上年报告的文书不规范的问题已解决：印发模板。"
            "今年新发现的问题是：信息员流动快。",
            [
                ("pp", "公开栏样式不一"),
                ("rd", "已通过统一制作予以解决"),
                ("pp", "文书不规范"),
                ("rd", "印发模板"),
                ("pc", "信息员流动快"),
            ],
        ),
        # a heading with what shows it, then what was done and what will be
        (
            "（一）公开质效有待提升。表现为科室报送不积极、决策信息公开偏少。今年以来，我们建立了月通报制度，督促报送信息210条。"
            "明年将把报送纳入考核。（二）解读形式不丰富。主要体现在图解少。2023年，我局制作图解8件。2024年将尝试视频解读。",
            [
                ("pc", "公开质效有待提升。表现为科室报送不积极、决策信息公开偏少"),
                ("rd", "建立了月通报制度，督促报送信息210条"),
                ("rp", "把报送纳入考核"),
                ("pc", "解读形式不丰富。主要体现在图解少"),
                ("rd", "制作图解8件"),
                ("rp", "尝试视频解读"),
            ],
        ),
        (
            "1.村级基础薄弱。村级信息员年龄偏大，不会操作。一年来，我镇举办实操培训4期。下一年，我镇将配备年轻信息员。\n"
            "2.公开方式不贴近群众。本年度在集市、车站投放公益广告。",
            [
                ("pc", "村级基础薄弱。村级信息员年龄偏大，不会操作"),
                ("rd", "举办实操培训4期"),
                ("rp", "配备年轻信息员"),
                ("pc", "公开方式不贴近群众"),
                ("rd", "在集市、车站投放公益广告"),
            ],
        ),
        # two labels under one number: the mark governs, no comma parts the problem
        (
            "1.存在的问题：机构合并后，缺少专职人员，兼职人员多。整改落实：招录专职人员2名。\n"
            "2.存在问题：镇村公开不平衡，部分村公开栏更新慢。整改举措：每季度抽查。",
            [
                ("pc", "机构合并后，缺少专职人员，兼职人员多"),
                ("rd", "招录专职人员2名"),
                ("pc", "镇村公开不平衡，部分村公开栏更新慢"),
                ("rp", "每季度抽查"),
            ],
        ),
        (
            "（一）问题表现：解读图解少，群众不爱看。解决办法：每月制作图解1期。（二）问题表现：人员流动大，交接不清。解决办法：完善交接制度。",
            [
                ("pc", "解读图解少，群众不爱看"),
                ("rp", "每月制作图解1期"),
                ("pc", "人员流动大，交接不清"),
                ("rp", "完善交接制度"),
            ],
        ),
        # announcements of remedies in other words
        (
            "部分领域公开与先进地区有差距。我们计划从三个方面缩小差距：一是对标找差；二是外出学习；三是严格考核。",
            [("rp", "对标找差"), ("rp", "外出学习"), ("rp", "严格考核")],
        ),
        (
            "门户网站检索不便。对此，我局将分步改进。近期，优化检索算法。远期，增设智能问答。",
            [("pc", "门户网站检索不便"), ("rp", "近期，优化检索算法"), ("rp", "远期，增设智能问答")],
        ),
        (
            "一是公开不主动，二是队伍不稳定。整改方面，一要压实责任，二要固定人员。",
            [("pc", "公开不主动"), ("pc", "队伍不稳定"), ("rp", "压实责任"), ("rp", "固定人员")],
        ),
        # words before and behind an enumeration
        ("部分单位公开不及时、内容不规范等问题仍然存在。", [("pc", "部分单位公开不及时"), ("pc", "内容不规范")]),
        ("信息重复发布、链接失效等现象较为突出。", [("pc", "信息重复发布"), ("pc", "链接失效")]),
        ("存在问题方面，主要是解读不够深入、平台检索不便。", [("pc", "解读不够深入"), ("pc", "平台检索不便")]),
        (
            "主要不足是公开平台功能单一，部门之间更新进度有快有慢，群众知晓率低。",
            [("pc", "公开平台功能单一"), ("pc", "部门之间更新进度有快有慢"), ("pc", "群众知晓率低")],
        ),
        (
            "企业普遍反映，惠企政策查找困难。群众反映较多的是公示栏位置偏远。",
            [("pc", "惠企政策查找困难"), ("pc", "公示栏位置偏远")],
        ),
        # background before a problem that no mark holds
        (
            "随着机构职能调整，公开指南未作相应修订；因警力紧张，所队报送不及时。",
            [("pc", "公开指南未作相应修订"), ("pc", "所队报送不及时")],
        ),
        ("2023年，我局公开工作取得一定进步，但公开的深度不够。", [("pc", "公开的深度不够")]),
        ("我处2023年政务公开工作主要存在渠道有限、宣传不够的问题。", [("pc", "渠道有限"), ("pc", "宣传不够")]),
        # a promise to carry on, a plain rule
        ("本年度未发现明显问题。今后，我局将持之以恒抓好政务公开工作，不断提升公开质效。", []),
        ("未发现突出问题。下一步，我单位将继续做好信息公开工作，进一步提高公开质量和水平。", []),
        ("暂无问题。今后，我局将每月更新办事指南。", [("rp", "每月更新办事指南")]),
        (
            "改进措施：（一）增加数量。凡不涉及商业秘密的信息，一律上网。（二）严把质量。未经审核的信息不得上网。",
            [("rp", "增加数量。凡不涉及商业秘密的信息，一律上网"), ("rp", "严把质量。未经审核的信息不得上网")],
        ),
        ("我所人员少、业务单一，没有需要改进的问题。", []),
        ("目前没有发现什么问题，今后我局将一如既往做好这项工作。", []),
    ],
)
def test_points(text: str, want: list[tuple[str, str]]) -> None:
    assert told(text) == want


def test_what_was_put_right_answers_its_own_problem() -> None:
    text = "（一）上年度问题改进情况。对文书不规范的问题，印发模板；对公开栏偏少的问题，新建公开栏9处。"
    assert [i.remedies for i in items_of(text)] == [(1,), (), (3,), ()]


def test_heading_inside_the_section() -> None:
    text = "六、反思与改\n进方向\n更新不及时。下一步，我局将及时更新。"
    assert told(text, heading=None) == [("pc", "更新不及时"), ("rp", "及时更新")]


def test_the_section_may_know_the_year_better() -> None:
    """A report that speaks of 2023年存在的问题 is no report of 2022."""
    text = "2022年存在问题的整改：针对“目录不全”问题，已补录。2023年存在的问题：一是更新慢。"
    assert told(text, year=2022)[0] == ("pp", "目录不全")


def test_inner_list() -> None:
    entries = outline(find_markers("一是有短板。一是慢，二是少。二是差。三是弱。"))
    assert [e.depth for e in entries] == [0, 1, 1, 0, 0]
    entries = outline(find_markers("一是慢。改进措施：一是快，二是多。"))
    assert [e.depth for e in entries] == [0, 0, 0]


@pytest.mark.parametrize(
    ("sentence", "want"),
    [
        # between semicolons a comma parts no points
        ("网站检索不便，个别链接失效；解读形式单一", ["网站检索不便，个别链接失效", "解读形式单一"]),
        ("群众需求越来越高，解读深度不够；更新慢", ["解读深度不够", "更新慢"]),
        ("“公开不及时”“解读不深入”两个问题", ["公开不及时", "解读不深入"]),
        ("办件质量不高，偶有超期", ["办件质量不高，偶有超期"]),
    ],
)
def test_splitting(sentence: str, want: list[str]) -> None:
    assert [sentence[s:e] for s, e in split_problems(sentence)] == want


@pytest.mark.parametrize(
    ("text", "want"),
    [
        # the means, the place and the modifier are mentioned in passing
        ("依托客户端实现政策精准推送", "digital"),
        ("重大规划编制过程公开不充分", "coverage"),
        ("深入学习《条例》，提高对公开工作重要性的认识", "awareness"),
        ("深入学习《条例》", "capacity"),
        ("优化申请办理流程，答复前主动与申请人沟通", "requests"),
        ("在网站首页设置咨询岗", "interaction"),
        ("对栏目内容逐条校对", "quality"),
        ("部分工作人员业务生疏", "capacity"),
        ("关停长期不更新的账号", "platform"),
        ("对照权责清单重新编排公开目录", "management"),
        ("利用广播、墙报广泛宣传，让群众了解政务公开", "publicity"),
        # wordings of every day
        ("公开栏里的东西老是不换", "timeliness"),
        ("有的公示残缺不全", "coverage"),
        ("群众不晓得到哪里看公开信息", "publicity"),
        ("懂电脑的人少", "capacity"),
        ("对信息公开不当回事", "awareness"),
        ("部门之间推来推去", "mechanism"),
        ("各村公开栏样式五花八门，没有统一标准", "balance platform"),
        ("意见箱形同虚设", "interaction"),
        ("用方言讲政策", "interpretation"),
        ("文件效力状态未标明", "management"),
        ("网上办事与信息公开“两张皮”", "digital"),
        ("增配人员", "capacity"),
        ("公开工作经费缺乏保障", "other"),
        ("基层站所公开工作相对滞后", "other"),
    ],
)
def test_categories(text: str, want: str) -> None:
    assert set(classify(text)[0]) == set(want.split())


def test_traditional_characters() -> None:
    found = items_of("一是專職人員不足。下一步，將增配人員，加強業務培訓。")
    assert [i.categories for i in found] == [("capacity",), ("capacity",)]


def test_points_in_a_table() -> None:
    text = "| 序号 | 存在的问题 | 整改措施 |\n|---|---|---|\n| 1 | 检索不便 | 优化检索。 |\n| 2 | 人员轮岗频繁 | 完善交接 |\n"
    section = Section("problems", "五、存在的主要问题及改进情况", 0, 0, len(text))
    found, none = find_items(text, Layout((section,), (), (), Metadata(year=2023)))
    assert not none
    assert [(i.kind, i.quote, i.remedies) for i in found] == [
        ("problem", "检索不便", (1,)),
        ("remedy", "优化检索", ()),
        ("problem", "人员轮岗频繁", (3,)),
        ("remedy", "完善交接", ()),
    ]


@pytest.mark.parametrize("lead", ["当前工作中的不足主要有：", "目前存在的问题："])
def test_the_last_point_of_a_list_before_a_label_is_no_heading_of_it(lead: str) -> None:
    text = f"2022年整改落实情况：一是开展业务培训两次；二是完善信息发布审核制度。\n{lead}一是公开内容不够全面；二是更新不及时。"
    assert told(text) == [
        ("rd", "开展业务培训两次"),
        ("rd", "完善信息发布审核制度"),
        ("pc", "公开内容不够全面"),
        ("pc", "更新不及时"),
    ]
