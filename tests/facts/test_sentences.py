from collections.abc import Callable

import pytest

COUNTS = [
    "全年共有⟦120条|items_published⟧信息在各平台公开。",
    "在各账号同步推送，全年发布信息⟦12条|items_published⟧。",
    "明确⟦1名|staff t=分管领导⟧分管领导、⟦2名|staff t=专职人员⟧专职人员。",
    "全年主动公开政府信息⟦1,204条|items_published v=1204⟧。",
    "本年度通过县政府门户网站公开信息⟦86条|items_published website v=86⟧，“青垄政声”公众号推文⟦210篇|items_published wechat⟧。",
    "在区政府网站发布信息⟦120条|items_published website⟧，其中工作动态类信息⟦70条|items_published website t=工作动态类信息⟧、公示公告⟦50条|items_published website t=公示公告⟧。",
    "发布政策解读材料⟦12篇|policy_interpretations⟧。",
    "召开新闻发布会⟦三场|press_conferences v=3⟧。",
    "制发行政规范性文件⟦5件|normative_documents⟧。",
    "回复网民留言⟦43条|public_responses⟧。",
    "开展意见征集⟦6次|consultations⟧。",
    "县政府网站总访问量⟦45万余次|site_visits website at_least v=450000⟧。",
    "微信公众号粉丝数突破⟦3.2万人|followers wechat at_least v=32000⟧。",
    "组织政务公开业务培训⟦2次|training_sessions⟧，参训⟦160余人次|training_attendance at_least v=160⟧。",
    "召开推进会⟦4次|meetings⟧，开展季度检查⟦4轮|inspections⟧。",
    "配备专职人员⟦2名|staff t=专职人员⟧、兼职人员⟦5名|staff t=兼职人员⟧。",
    "承办人大代表建议⟦8件|npc_proposals⟧、政协提案⟦11件|cppcc_proposals⟧，均已办结。",
    "承办人大代表建议和政协提案共⟦19件|npc_proposals t=人大代表建议和政协提案⟧。",
    "办理行政许可⟦317件|licensing_decisions⟧。",
    "公布权责清单事项⟦213项|services_listed t=权责清单事项⟧。",
    "受理公开方面的举报投诉⟦2件|complaints⟧。",
    "收取信息处理费⟦120元|fees_charged⟧。",
    "对2名责任人进行了约谈，责任追究⟦1人|accountability_cases⟧。",
]

REQUESTS = [
    "全年收到政府信息公开申请⟦34件|requests_received⟧，上年结转⟦2件|requests_carried_in⟧，办结⟦35件|requests_answered⟧，结转下年度继续办理⟦1件|requests_carried_out⟧。",
    "受理办理依申请公开事项⟦3项|requests_received&requests_answered⟧。",
    "办理政府信息公开申请⟦21件|requests_answered⟧。",
    "收到申请⟦17件|requests_received c=-29%⟧，较上年减少29%。",
    "其中予以公开⟦9件|requests_granted⟧（占三成），部分公开⟦1件|requests_partly_granted⟧，不予公开⟦2件|requests_refused⟧，无法提供⟦5件|requests_unavailable⟧，不予处理⟦0件|requests_not_processed⟧。",
    "收到申请⟦30件|requests_received⟧，其中信函申请⟦10件|requests_received t=信函申请⟧、网上申请⟦20件|requests_received t=网上申请⟧。",
    "2023年结转至2024年⟦4件|requests_carried_in⟧，本年受理申请⟦50件|requests_received⟧。",
    "发生行政复议⟦2件|reviews⟧、行政诉讼⟦1件|litigations⟧。",
]

DENIALS = [
    "本年度⟦未收到政府信息公开申请|requests_received⟧。",
    "⟦未发生因政府信息公开引发的行政复议、行政诉讼|reviews&litigations⟧。",
    "⟦没有发生行政复议|reviews⟧，⟦没有被提起行政诉讼|litigations⟧。",
    "⟦未收取任何费用|fees_charged⟧。",
    "依申请提供信息⟦暂不收费|fees_charged⟧。",
    "⟦无依申请公开|requests_received⟧。",
    "⟦未出现责任追究情况|accountability_cases⟧。",
    "⟦无被纠正的复议案件|reviews t=纠正⟧。",
    "建议和提案⟦0条|npc_proposals&cppcc_proposals⟧。",
    "⟦未承办人大代表建议|npc_proposals⟧。",
    "投诉举报⟦没有发生|complaints⟧。",
    "行政诉讼：⟦无|litigations⟧。",
    "复议诉讼情况：⟦无|reviews&litigations⟧。",
    "⟦没有不予公开的申请|requests_refused⟧，⟦无上年结转申请|requests_carried_in⟧。",
    "本年度⟦未组织培训|training_sessions⟧。",
]

PERIODS = [
    "发布信息由上年的⟦104条|items_published previous⟧增加到⟦159条|items_published⟧。",
    "受理行政许可申请⟦96件|licensing_decisions⟧。",
    "自2022年1月1日至2022年12月31日，我局主动公开信息⟦120条|items_published⟧。",
    "自2021年9月1日至2022年8月31日，我校主动公开信息⟦96条|items_published⟧。",
    "从2008年条例施行到2022年底，全区主动公开信息⟦6915条|items_published cumulative⟧。",
    "公众号开通以来累计发稿⟦531篇|items_published wechat cumulative⟧。",
    "今年累计公开信息⟦88条|items_published⟧。",
    "去年网站访问量为⟦7.2万次|site_visits website previous v=72000⟧，今年增至⟦9万次|site_visits website v=90000⟧。",
    "自2016年改版以来，累计公开信息⟦1.2万条|items_published cumulative v=12000⟧，受理咨询⟦300件|public_responses cumulative⟧。",
    "2025年，将举办培训⟦2次|training_sessions planned⟧。",
    "下一步，计划召开新闻发布会⟦5场|press_conferences planned⟧。",
    "2023年收到申请⟦5件|requests_received previous⟧，2024年收到申请⟦3件|requests_received⟧。",
    "收到申请⟦17起|requests_received c=-29%⟧，较上一年（⟦24起|requests_received previous⟧）减少29%。",
]

DECOYS = [
    "依据《条例》（国令第711号）和青政办〔2021〕30号文件，于2024年1月20日公布。",
    "全站设8个栏目、36个子栏目，测评列全省第4位。",
    "开展在线访谈11期，收到意见57条，点赞量3.2万。",
    "投入经费4.8万元，设查阅点7处。",
    "拨打12345热线，电话：0599-23162606。",
    "实行“三审三校”，在20个工作日内公开率达100%。",
    "撤回申请1件。",
    "我县不涉及公共资源配置，没有这方面的公开情况。",
    "大厅窗口共受理申请1.2万件。",
    "发放宣传册2,000份。",
]

REQUESTS += [
    "汐口区对3人超量申请按件计收⟦800元|fees_charged⟧，全年实收⟦1,250元|fees_charged⟧。",
    "全年行政诉讼⟦30件|litigations⟧，其中直接起诉⟦12件|litigations t=直接起诉⟧（结果维持7件、结果纠正2件、尚未审结3件）。",
    "信息公开类行政复议⟦3件|reviews⟧（维持2件、纠正1件）。",
]
DENIALS += [
    "申请人⟦未向法院起诉|litigations v=0⟧。",
    "此后申请人⟦没有再起诉|litigations v=0⟧。",
    "收费方面，今年⟦没有收过费|fees_charged v=0⟧。",
    "本镇⟦没收过查询费|fees_charged v=0⟧。",
]


@pytest.mark.parametrize("marked", COUNTS)
def test_counts(marked: str, check: Callable[..., None]) -> None:
    check(marked)


@pytest.mark.parametrize("marked", REQUESTS)
def test_requests(marked: str, check: Callable[..., None]) -> None:
    check(marked, section="requests")


@pytest.mark.parametrize("marked", DENIALS)
def test_denials(marked: str, check: Callable[..., None]) -> None:
    check(marked)


@pytest.mark.parametrize("marked", PERIODS)
def test_periods(marked: str, check: Callable[..., None]) -> None:
    check(marked)


@pytest.mark.parametrize("text", DECOYS)
def test_decoys(text: str, check: Callable[..., None]) -> None:
    check(text)


def test_shortfalls_are_no_denials(check: Callable[..., None]) -> None:
    check("没有开展专题培训，未收到群众反馈。", section="problems")


def test_topic_keeps_traditional_characters(check: Callable[..., None]) -> None:
    check("主動公開信息⟦268篇|items_published⟧，其中部門文件⟦3件|items_published t=部門文件⟧。")


def test_hard_wrapped_topic_is_healed(check: Callable[..., None]) -> None:
    check("其中规划计\n划类信息 ⟦13\n条|items_published t=规划计划类信息⟧。")


def test_scores_lie_between_0_and_1() -> None:
    from gia_nlp.pipeline import load, tag_document
    from gia_nlp.records import Document

    text = "三、依申请公开情况\n2023年共收到申请12件，其中网络申请8件、信函申请4件，予以公开9件。\n全年公开信息86条（网站50条、公众号36条）。"
    facts = tag_document(Document(text=text), nlp=load("zh_gia_rules")).facts
    assert len(facts) >= 6 and all(f.decided_by == "rule" and 0 < f.score <= 1 for f in facts)
    assert any(f.rule_id and f.rule_id.endswith(("/part", "/bracket")) for f in facts)


@pytest.mark.parametrize("name", ["zh_gia", "zh_gia_rules"])
def test_the_year_that_a_count_names_in_opening_is_its_own(name: str) -> None:
    from gia_nlp.pipeline import load, tag_document
    from gia_nlp.records import Document

    head = "溪岭市水利局2022年政府信息公开工作年度报告\n一、总体情况\n"
    for text, periods in (
        ("上年度举办业务培训3次，本年度举办业务培训5次。", ["previous", "current"]),
        ("上一年度主动公开政府信息860条，本年度主动公开902条。", ["previous", "current"]),
        ("2021年收到申请6件，2022年收到申请9件。", ["previous", "current"]),
    ):
        facts = tag_document(Document(text=head + text), nlp=load(name)).facts
        assert [f.period for f in facts] == periods, text
