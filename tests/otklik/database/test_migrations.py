"""Landed migrations never change and stand alone: databases have run them as they were."""

import ast
import hashlib
from pathlib import Path

import pytest

from tests.support.paths import PROJECT_ROOT

VERSIONS_FOLDER = PROJECT_ROOT / "otklik" / "database" / "migrations" / "versions"
MIGRATION_FILES = sorted(path for path in VERSIONS_FOLDER.iterdir() if path.suffix in (".py", ".sql"))
# The SHA-256 of every file of a migration. Add those of a new migration with it; never change one.
LANDED_HASHES = {
    "0001_appeals.py": "3235cd736dd5aaf1a950f21284ce2dd3e5bc585105253d7b898ec2f45edc2625",
    "0001_appeals.sql": "7f44a0703ec282ca8ac1d4e732138ac1426d6f91f912235002fbd03d91894025",
    "0002_rollups.py": "6d7bb2ef8e37293449b0c9eab6b6796838bcab7a7201205789fcde2f3ed9718f",
    "0003_access.py": "e9f8dfa8f94aa80bafabe8b01dd1f27774cf67ff840c41287a7855b9cda0950f",
    "0003_administration.sql": "8294613b767b64ddc5c8328d47e3bbfa0c5715e69370326c9d603ab935d1c184",
    "0003_audit.sql": "a466e5548ad89a9d31866d88145e41bff1867e87f849ce61243192d8c1ff7006",
    "0003_people.sql": "3e7cb7c86930244030f9984ca1ba06d69816055ccd1da3423ef7347a032f12d4",
    "0003_rights.sql": "b0c63e3ed7be83c25a66abede4d97345c655829b02f0347c1dfe0a10a08abb31",
    "0003_role.sql": "c8fc740420f2b58d352adbcf4396126733dd3e34427fdb4a4b1cc5ff0dfee0aa",
    "0003_scope.sql": "a70a0bb87eb52a0f29bcbdee5aec9b65fed75622f6fcf0c391ab0153c73872d3",
    "0004_panels.py": "2b7a82cedfd1904b114ad146708dd93322ab8a43996facc13a568f3528a156e6",
    "0005_carrying.sql": "6335b72d13e6d0f72c699af9db65816802f7f3128bdd0f2f119b9d8187825488",
    "0005_handling.py": "bb9a27a600ebd26983107502033d3ffa7362ac55b85c9f303995c2921b8344b7",
    "0005_handling.sql": "c9aaf3737054ba8af7d02678521a1ce4a4cb9647d005258214c6aa4715858054",
    "0005_judging.sql": "6672315c0e2e3297881c8db7f75bf115dd97742c29909dbb63ed26755e3b1b7a",
    "0005_operations.sql": "ed26f8fe6fe41f08e05aa419989128f032db962d9ddd19789de510afd56ff770",
    "0006_deadlines.py": "ab101519ac1807f413b3ebc222158ba0bd44b4c4347199043853e42273dfab2a",
    "0006_deadlines.sql": "36458fd9d4fac9fc960c0f2a50b386b658c371dc4245ce1710a1bcf94ff0801d",
    "0006_escalation.sql": "3b87320e59e22b8b57df392aca3ee0dbf70b8abdc8605458c0c9d897fb0b8e43",
    "0007_queue.py": "8f9c3a03fe1ed78953fe2d8f5a43202bf09515c9314218f36122ac5356e5dd58",
    "0007_queue.sql": "b8b3a5342a24be2a23f4e8731d4b28b45dc1b0ae204ded7eb80468cc010c2e4a",
    "0008_audit.sql": "ba20695e624d697e95e0d7448278d7348edbb6f92d4308049523fb10d1acca61",
    "0008_people.py": "ed23f1ff0112ac9f0d5c212bf38b007a3d2c94800b60f18021d0e9d476e1d23d",
    "0008_people.sql": "6ffcacac8f6f477bb70f496750d1c7cdfc71f308b0a96b31e045f8f3fe20873c",
    "0009_panels.py": "8b3a5814ca5360f66af149c4719b9ea56ceed17c7ae7d66df591bf37f43c9fe2",
    "0009_panels.sql": "06bc212e2b9ff4187c11ea8fed16f8485d361a1f41ae2ea99a0da814e2e5fab9",
    "0010_writing.py": "4b080bae1fd1c582676329f3e673514654bc482906e4e70d242a8898b364aebc",
    "0010_writing.sql": "69087cd2ca34da740cbf01d456f344a12f36fe0324c040ffd2be2eafef657cad",
    "0011_analysis.py": "8f341a75196e4c024b9f4d0410dd5fde8ddb86f84f911f61ab32480c2928a788",
    "0011_analysis.sql": "876a035846971418d3cd775b472336978080c9ba233ed7c408d0635da51330be",
    "0012_due.py": "96297ba4e55741e386e6dcdcb5f94f28a555000dab05d1b4a1496301d9bd5607",
    "0012_fold.sql": "f0e3e3f06317dce770909e8f9feabb87b64b1bd80d31407e4273290919294dbd",
    "0013_words.py": "0432b55a60b9f40704004a81c9385aa31daeb985f6009d0264fa75d0f9db274d",
    "0014_leaders.py": "b76875134ca8de6042d38598cabb146716e6252bcf39e916a87967c07122b275",
    "0015_search.py": "b5725779c671ec7f91b6e4d00e1bd8dfd6f77bb2a4747bcb5dd98905f831e860",
    "0015_search.sql": "94213af74bc1e43b6a67bb84b55116fe1e778e79268a1b9c3197ecccab870821",
    "0016_lacking.py": "a4f878a83590004884ad4b8f3acaac15fbc28fac790d9dc4103ddfcd47fbf64a",
    "0017_reasons.py": "cd8d4572af874f0305b362458b26d31f947983fea0ee3ccc519c829608bc5f67",
    "0017_reasons.sql": "7de02b119f514cb013802d793e4e1c755a7f1b622b7c850b307ba0a98274d2e3",
    "0018_folding.py": "1d98772c767f1ac151001657a2077906697357788fcd703eb9ba8b40d2372b9b",
    "0019_ages.py": "ba9376acebdbaac13ccbdb65d91b2132e27dc636cc4e888cd4ec10b40f2b93ef",
    "0020_short_names.py": "7525782c6a207ceae426fd3047a631e6be18871ae4322f460a8405f087f712d5",
    "0021_met_deadlines.py": "6ece1ce8625d626b2d554b13637af9f369b235da153f36ab814641776f9f6fe5",
    "0022_holders.py": "cada59bd61fe760f0bd417151d339e2d37699292b845b6990355f728b6d88856",
    "0022_holders.sql": "39c259cfc8886f29576b48d5e0509405d8f82e3518b067cb173647950e215da1",
    "0023_extensions.py": "e083027f067473d0194a9c2395a93163839113d3a2811998ff3469d841df27fb",
    "0023_extensions.sql": "653c7ecd1a11439fbd1657f6c6e4b452a2485f777fecddf48aa43b7551ae365b",
    "0024_region_changes.py": "5f23704972f96d68b24c1dbaec59bfba34e4281496e0e7407ac1c2c7f84bdb8d",
    "0024_region_changes.sql": "c8d4ffe8e269c72e9e2643ec35914247da76cf0916230256deba7138f5bf74fc",
    "0025_ratings.py": "e2137e0b7e35b49e7b07f15bbbcee827f1bb8c28214f57cd28f0844f2a9c378b",
    "0026_first_answers.py": "03e34401183c150fb617ae7ee4abfd32ef16c679a7e135749bb223feded9d34a",
    "0027_narrow_cells.py": "4ffa25f24127963318550d9ed81bfcd70876f999bd230bffa6b82c1cbc7039b3",
    "0028_day_stocks.py": "c640130e65c25a4418327971b5f1431b6da5a6fc481308cf639bd23e31d46435",
    "0028_day_stocks.sql": "b04a9f7626d9feb96736f034e275a3bab05f10b00cb29cb9425ff924b44685eb",
    "0029_announcements.py": "077d3c5eaf73fa2dd136a5311dc127e844fbfe78f48337a408045ae8213e4b10",
    "0029_announcements.sql": "aa63d81af08c81841da0f76326bb24e68ea6fd78e6a8068560d3a4cca0093800",
    "0030_margins.py": "c84316c97ddd3b37cc1ea3d098fd428404d47288bf7a2abdad3a0a427f5d1493",
    "0031_screens.py": "37c4ef649d664cc4dc92af2a43cc55cc3824962802d7ea40b7b7ed7c8644e41b",
    "0031_screens.sql": "81cfeee38e23745064d8a3a17fbb49b202ae9d7d41b47c958f784d54dbdd0d1e",
    "0032_surges.py": "4292b2962095d8fa337f74844a541e6d0d4bc4b76d36d1b7d9e3fa4c6e0b781d",
    "0032_surges.sql": "5341bea67b66ea2b8b302eea74863c66b152c8093ea8b317e469e6714d33cfcf",
    "0033_surge_notices.py": "f3036a3a6016ecabd147b4322d0fd579180e720d5bb84a7868ef88e1cd853f5a",
    "0033_surge_notices.sql": "2c311fd78c9bfc602cb70a2b3968895dc602ef90d957fa2d1d25bf873a995b19",
    "0034_deciding.sql": "b2ca4ecd2994ebbdb57cd6859d218c6cd93895efeb50534324639327d78d4f75",
    "0034_problems.py": "6329e21a15d8bba1821835563634bef67d416bc7c69de69e300ee0175ef1c2e4",
    "0034_problems.sql": "e07d67e269f531d5d782a08c1be451e7eec0a011b32ff0a370ad91cea4eba730",
    "0034_remedies.sql": "dcc52f4c335c9cd5a83585262dbc6e2e1c55b706bb1c2bfc48b2f56c8540e9ba",
    "0035_poll_cubes.sql": "78dd0160c0bf90fbcb19c1dde6db6a9180ecc4bad8e37d69ebb6898ee70c56dd",
    "0035_polls.py": "92904d07570bbdd32203a4df507a15a8875f7fd4376eeed49b21d0beb88c680b",
    "0035_polls.sql": "c88e1bfc78a4b8105ad18ea1f5258b562985b746abbf37188474cb71b17ffa33",
    "0035_voting.sql": "114e1c0a92893b5d813a0aaf5fa06f7d9a46df4f98f755d0ac52b88bef29eb9c",
    "0036_data_sources.py": "051e9ddd5221e324fe95906d709b9fa84457573c631762d93a89fec350f1f718",
    "0036_data_sources.sql": "401ea21510d68f2e4c385c0d70d6449888a128a124d3436615e9aa3a96665ac4",
    "0037_receipts.py": "46faf7029bb256990f96f4f084fa625e43982a829c172605bcb723a9432b0df8",
    "0037_receipts.sql": "610325a781679b613ea5510351b82e768f8e6030552116d6e0be465b7f66f060",
    "0037_visits.sql": "c04faf4183e9111ef8190002e583853c9138c88560e92d896286d6bd31ce5595",
    "0038_commenting.sql": "5e23bf0eadd87ed4e6fc47307513d3687935daa8bb8b29458206860921d361d4",
    "0038_discussion_cubes.sql": "29c7ab21f87bea9c5d22ba9a6e9bcdaa7445416cdaf77a8e7b832d2ca8ba0ef4",
    "0038_discussions.py": "a5ec4c06c38dd0dbc7c3a5d96f49524b9cfb9a0d477ce0efea6414e28322dd62",
    "0038_discussions.sql": "a839f7fe2a86b676a86eeb4d0bffdbbb946b85eddf8456bf9fef86231d96a367",
    "0038_moderation.sql": "3a8a6766b7b6b6cb9f3f7945c9afafc37f4b7e6ee5d5409a70d6daf38c351773",
    "0039_services.py": "a7af9607b4000c4df623f53631301e440322a852fc97aa078aafab6e5cd3b0f6",
    "0040_attempts.py": "32f069789fd121d692f48e19ec68f82310efbd8f6a9dd134a71a43b001978b78",
    "0040_attempts.sql": "0572bd983399bfc5df4d565f781d7bdfeb57cc5019a39f6aeff258031268d654",
    "0041_pushed_rows.py": "4ba6cf827177b59f965c322665b5e3be2ee3865e82c838116c4a29c03566b58c",
    "0041_pushed_rows.sql": "7561e1dd3226d0b3d6c903965729f0d44074850c1acd1ad7b7f7f719159e7a43",
    "0042_verdict_index.py": "004726042dac4ee003cf205875fa69d30f71a447c9bb1ed95e0100e9477c286f",
    "0043_poll_releases.py": "591eb28fe58d67879b505b94404e811918c7a943ab3ed9077f4c14102c36f22f",
    "0046_vote_patterns.py": "526a650ffb871ac2c55602e6b8c1e2e6077e10cb4c48225b94b6af307cf25f06",
    "0044_population_groups.py": "b58c61b1eb0090ed22859f383edf32854066e3d603447b047a53156550cbf800",
    "0043_poll_releases.sql": "b0dc16762ac91b3816e6b6ecba06fd1e20de9424124331b94fee3a22cb149b23",
    "0045_file_imports.py": "093a51a70b7b4b87f79287359a897770ca01db228195016a62be3b7f3b821331",
    "0045_file_imports.sql": "0a6bd5ae26448f22e489ac75821fb1cc53b74d6c1820e7256ee9f90f9e48b3ee",
    "0047_report_audit.py": "d2e198bb3d7a431d6e56120640bf29b8922fc7630ce357ad0aa458cd9f4ced22",
    "0047_report_audit.sql": "653b70c20584b573fdc7fa282be4a1b21230567dedd468ca38eb5642eb14c40b",
    "0048_poll_closing.py": "f2fb729f0d1415d7b027d0fe42046c0f5739c40d6d91791065778b1cf9a7f8b8",
    "0049_text_clusters.py": "3e304722b62205780d87a32d98dc0a3426bc8739ae4888d0dc9f17631968a190",
    "0049_text_clusters.sql": "c382c7410c50a9b4a46f0e857f166bc4b41184be0de58fdee533c6d57251ab97",
    "0050_open311.py": "a3f741ca2c6327590af2bdea3e35196d5917a708c0a52147d13e5373ff9412b9",
    "0050_open311.sql": "e9f86a7c0ccc2443c1b97d635262b24095a99cfa7535a8c5254decb6c586b3c3",
    "0051_poll_margins.py": "607d63fcd7057060c0727e08e4c84f91423a94110f50ead8f155b420c5c546ff",
    "0051_poll_margins.sql": "3054cad246a82d1bf5d4916d218d142dfff9d1b7001871a2414730c158f90341",
    "0052_problem_clusters.py": "ac207c52dca48d465c6627eaccbaa42ec775a97cc1c7ba31ecd30cd82e3b35cb",
    "0052_problem_clusters.sql": "70d44615eecf59159b89e928f54dc1250ff75bad8edf7f48c3132cfdfaa52192",
}
IMPORTABLE = {"alembic", "pathlib", "re", "typing"}
"""The packages that a migration may import: nothing of Otklik's, which changes."""


def test_landed_migrations_never_change() -> None:
    hashes = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in MIGRATION_FILES}
    assert hashes == LANDED_HASHES


@pytest.mark.parametrize("path", [path for path in MIGRATION_FILES if path.suffix == ".py"], ids=lambda path: path.stem)
def test_a_migration_imports_neither_another_nor_the_product(path: Path) -> None:
    modules = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules.add("." * node.level + (node.module or ""))
    assert {module.partition(".")[0] for module in modules} <= IMPORTABLE
