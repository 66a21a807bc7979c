BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('v3.2.0.a');
CREATE TABLE studies (
	study_id INTEGER NOT NULL, 
	study_name VARCHAR(512) NOT NULL, 
	PRIMARY KEY (study_id)
);
INSERT INTO "studies" VALUES(1,'old');
CREATE TABLE study_directions (
	study_direction_id INTEGER NOT NULL, 
	direction VARCHAR(8) NOT NULL, 
	study_id INTEGER NOT NULL, 
	objective INTEGER NOT NULL, 
	PRIMARY KEY (study_direction_id), 
	UNIQUE (study_id, objective), 
	FOREIGN KEY(study_id) REFERENCES studies (study_id)
);
INSERT INTO "study_directions" VALUES(1,'MAXIMIZE',1,0);
CREATE TABLE study_system_attributes (
	study_system_attribute_id INTEGER NOT NULL, 
	study_id INTEGER, 
	"key" VARCHAR(512), 
	value_json TEXT, 
	PRIMARY KEY (study_system_attribute_id), 
	UNIQUE (study_id, "key"), 
	FOREIGN KEY(study_id) REFERENCES studies (study_id)
);
CREATE TABLE study_user_attributes (
	study_user_attribute_id INTEGER NOT NULL, 
	study_id INTEGER, 
	"key" VARCHAR(512), 
	value_json TEXT, 
	PRIMARY KEY (study_user_attribute_id), 
	UNIQUE (study_id, "key"), 
	FOREIGN KEY(study_id) REFERENCES studies (study_id)
);
INSERT INTO "study_user_attributes" VALUES(1,1,'budget','3');
INSERT INTO "study_user_attributes" VALUES(2,1,'towersearch','{"schema": 1, "spec": {"study": {"name": "old", "objective": ["top_5_accuracy"], "tuner": "optuna.random", "pruner": "none", "trials": 3, "seed": 42, "value_at": "best", "retries": 2, "failures_in_a_row": 10}, "data": {"source": "movielens-small", "split": {"by": "random", "train": 0.8, "validation": 0.1, "test": 0.1, "seed": 42}, "exclude_seen": false}, "space": {"depth": {"integer": [1, 3]}, "width": {"choice": [4, 8], "when": {"depth": {">=": 2}}}, "optimizer": {"choice": ["adam", "sgd"]}, "learning_rate": {"real": [0.001, 0.1], "log": true}, "momentum": {"real": [0.0, 0.9], "when": {"optimizer": "sgd"}}, "output_dim": 4, "embedding_dim": 4, "batch_size": 64, "epochs": 3, "dropout": 0.1}, "first": []}, "data": {"fingerprint": "f", "source": "films"}, "baselines": {"popularity": {"top_5_accuracy": 0.1}}, "provenance": {"threads": 1}}');
CREATE TABLE trial_heartbeats (
	trial_heartbeat_id INTEGER NOT NULL, 
	trial_id INTEGER NOT NULL, 
	heartbeat DATETIME NOT NULL, 
	PRIMARY KEY (trial_heartbeat_id), 
	UNIQUE (trial_id), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
CREATE TABLE trial_intermediate_values (
	trial_intermediate_value_id INTEGER NOT NULL, 
	trial_id INTEGER NOT NULL, 
	step INTEGER NOT NULL, 
	intermediate_value FLOAT, 
	intermediate_value_type VARCHAR(7) NOT NULL, 
	PRIMARY KEY (trial_intermediate_value_id), 
	UNIQUE (trial_id, step), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
INSERT INTO "trial_intermediate_values" VALUES(1,1,1,0.25,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(2,1,2,0.5,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(3,2,1,0.125,'FINITE');
CREATE TABLE trial_params (
	param_id INTEGER NOT NULL, 
	trial_id INTEGER, 
	param_name VARCHAR(512), 
	param_value FLOAT, 
	distribution_json TEXT, 
	PRIMARY KEY (param_id), 
	UNIQUE (trial_id, param_name), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
INSERT INTO "trial_params" VALUES(1,1,'depth',2.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 1, "low": 1, "high": 3}}');
INSERT INTO "trial_params" VALUES(2,1,'width',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": [4, 8]}}');
INSERT INTO "trial_params" VALUES(3,1,'optimizer',0.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["adam", "sgd"]}}');
INSERT INTO "trial_params" VALUES(4,1,'learning_rate',4.66484996480754678105e-03,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.001, "high": 0.1, "log": true}}');
INSERT INTO "trial_params" VALUES(5,1,'output_dim',0.0,'{"name": "CategoricalDistribution", "attributes": {"choices": [4]}}');
INSERT INTO "trial_params" VALUES(6,1,'embedding_dim',0.0,'{"name": "CategoricalDistribution", "attributes": {"choices": [4]}}');
INSERT INTO "trial_params" VALUES(7,1,'batch_size',0.0,'{"name": "CategoricalDistribution", "attributes": {"choices": [64]}}');
INSERT INTO "trial_params" VALUES(8,1,'epochs',0.0,'{"name": "CategoricalDistribution", "attributes": {"choices": [3]}}');
INSERT INTO "trial_params" VALUES(9,1,'dropout',0.0,'{"name": "CategoricalDistribution", "attributes": {"choices": [0.1]}}');
INSERT INTO "trial_params" VALUES(10,2,'depth',3.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 1, "low": 1, "high": 3}}');
INSERT INTO "trial_params" VALUES(11,2,'width',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": [4, 8]}}');
INSERT INTO "trial_params" VALUES(12,2,'optimizer',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["adam", "sgd"]}}');
INSERT INTO "trial_params" VALUES(13,2,'learning_rate',5.9848753585504545216e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.001, "high": 0.1, "log": true}}');
INSERT INTO "trial_params" VALUES(14,2,'momentum',1.84775977393138390869e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.9, "log": false}}');
INSERT INTO "trial_params" VALUES(15,2,'output_dim',0.0,'{"name": "CategoricalDistribution", "attributes": {"choices": [4]}}');
INSERT INTO "trial_params" VALUES(16,2,'embedding_dim',0.0,'{"name": "CategoricalDistribution", "attributes": {"choices": [4]}}');
INSERT INTO "trial_params" VALUES(17,2,'batch_size',0.0,'{"name": "CategoricalDistribution", "attributes": {"choices": [64]}}');
INSERT INTO "trial_params" VALUES(18,2,'epochs',0.0,'{"name": "CategoricalDistribution", "attributes": {"choices": [3]}}');
INSERT INTO "trial_params" VALUES(19,2,'dropout',0.0,'{"name": "CategoricalDistribution", "attributes": {"choices": [0.1]}}');
CREATE TABLE trial_system_attributes (
	trial_system_attribute_id INTEGER NOT NULL, 
	trial_id INTEGER, 
	"key" VARCHAR(512), 
	value_json TEXT, 
	PRIMARY KEY (trial_system_attribute_id), 
	UNIQUE (trial_id, "key"), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
CREATE TABLE trial_user_attributes (
	trial_user_attribute_id INTEGER NOT NULL, 
	trial_id INTEGER, 
	"key" VARCHAR(512), 
	value_json TEXT, 
	PRIMARY KEY (trial_user_attribute_id), 
	UNIQUE (trial_id, "key"), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
INSERT INTO "trial_user_attributes" VALUES(1,1,'number','0');
INSERT INTO "trial_user_attributes" VALUES(2,1,'worker','{"host": "a-machine", "boot": "an-earlier-one", "namespace": "pid:[4026531836]", "process": 27255, "start": "347886", "claim": "5d3fee545e5e4137be2daaba3cbeda05"}');
INSERT INTO "trial_user_attributes" VALUES(3,1,'beat','0');
INSERT INTO "trial_user_attributes" VALUES(4,1,'seed','2689173533');
INSERT INTO "trial_user_attributes" VALUES(5,1,'config','{"depth": 2, "width": 8, "taper": "constant", "activation": "relu", "output_dim": 4, "embedding_dim": 4, "dropout": 0.1, "l2": 0.0, "normalize": false, "temperature": 1.0, "negatives": "in_batch_logq", "reduction": "mean", "remove_accidental_hits": false, "hard_negatives": 0, "optimizer": "adam", "learning_rate": 0.004664849964807547, "beta_1": 0.9, "beta_2": 0.999, "schedule": "constant", "warmup": 0.0, "batch_size": 64, "epochs": 3, "validate_every": 1, "patience": 3}');
INSERT INTO "trial_user_attributes" VALUES(6,1,'started','"2026-11-24T12:29:57+00:00"');
INSERT INTO "trial_user_attributes" VALUES(7,1,'value','0.5');
INSERT INTO "trial_user_attributes" VALUES(8,1,'best_epoch','2');
INSERT INTO "trial_user_attributes" VALUES(9,1,'metrics','{"top_5_accuracy": 0.5}');
INSERT INTO "trial_user_attributes" VALUES(10,1,'cost','{"parameters": 100}');
INSERT INTO "trial_user_attributes" VALUES(11,1,'error','null');
INSERT INTO "trial_user_attributes" VALUES(12,1,'finished','"2026-11-24T12:29:57+00:00"');
INSERT INTO "trial_user_attributes" VALUES(13,1,'curve:0','"[{\"epoch\": 1, \"top_5_accuracy\": 0.25}, {\"epoch\": 2, \"top_5_accuracy\": 0.5}]"');
INSERT INTO "trial_user_attributes" VALUES(14,2,'number','1');
INSERT INTO "trial_user_attributes" VALUES(15,2,'worker','{"host": "a-machine", "boot": "an-earlier-one", "namespace": "pid:[4026531836]", "process": 27255, "start": "347886", "claim": "c3f9c49c01ff4f65b5d777165465f58e"}');
INSERT INTO "trial_user_attributes" VALUES(16,2,'beat','0');
INSERT INTO "trial_user_attributes" VALUES(17,2,'seed','1334567715');
INSERT INTO "trial_user_attributes" VALUES(18,2,'config','{"depth": 3, "width": 8, "taper": "constant", "activation": "relu", "output_dim": 4, "embedding_dim": 4, "dropout": 0.1, "l2": 0.0, "normalize": false, "temperature": 1.0, "negatives": "in_batch_logq", "reduction": "mean", "remove_accidental_hits": false, "hard_negatives": 0, "optimizer": "sgd", "learning_rate": 0.059848753585504545, "momentum": 0.1847759773931384, "schedule": "constant", "warmup": 0.0, "batch_size": 64, "epochs": 3, "validate_every": 1, "patience": 3}');
INSERT INTO "trial_user_attributes" VALUES(19,2,'started','"2026-11-24T12:29:57+00:00"');
CREATE TABLE trial_values (
	trial_value_id INTEGER NOT NULL, 
	trial_id INTEGER NOT NULL, 
	objective INTEGER NOT NULL, 
	value FLOAT, 
	value_type VARCHAR(7) NOT NULL, 
	PRIMARY KEY (trial_value_id), 
	UNIQUE (trial_id, objective), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
INSERT INTO "trial_values" VALUES(1,1,0,0.5,'FINITE');
CREATE TABLE trials (
	trial_id INTEGER NOT NULL, 
	number INTEGER, 
	study_id INTEGER, 
	state VARCHAR(8) NOT NULL, 
	datetime_start DATETIME, 
	datetime_complete DATETIME, 
	PRIMARY KEY (trial_id), 
	FOREIGN KEY(study_id) REFERENCES studies (study_id)
);
INSERT INTO "trials" VALUES(1,0,1,'COMPLETE','2026-11-24 12:29:57.468193','2026-11-24 12:29:57.732550');
INSERT INTO "trials" VALUES(2,1,1,'WAITING','2026-11-24 12:29:57.803241',NULL);
CREATE TABLE version_info (
	version_info_id INTEGER NOT NULL, 
	schema_version INTEGER, 
	library_version VARCHAR(256), 
	PRIMARY KEY (version_info_id), 
	CHECK (version_info_id=1)
);
INSERT INTO "version_info" VALUES(1,12,'5.0.0');
CREATE UNIQUE INDEX ix_studies_study_name ON studies (study_name);
CREATE INDEX ix_trials_study_id ON trials (study_id);
COMMIT;
