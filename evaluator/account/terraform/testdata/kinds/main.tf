# One of each kind of resource that has a policy.
provider "aws" {
  region = "us-east-1"
}

data "aws_caller_identity" "current" {}

data "aws_iam_role" "existing" {
  name = "existing"
}

data "aws_iam_policy" "reads" {
  name = "AmazonS3ReadOnlyAccess"
}

locals {
  trust  = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }] })
  allows = { Effect = "Allow", Principal = { AWS = "arn:aws:iam::111122223333:root" }, Resource = "*" }
}

resource "aws_iam_role_policy_attachment" "existing" {
  role       = data.aws_iam_role.existing.name
  policy_arn = data.aws_iam_policy.reads.arn
}

resource "aws_iam_role" "job" {
  name               = "job"
  assume_role_policy = local.trust
  managed_policy_arns = ["arn:aws:iam::aws:policy/AWSLambda_ReadOnlyAccess"]
  inline_policy {
    name   = "own"
    policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }] })
  }
  tags = { team = "blue" }
}

resource "aws_iam_role" "narrow" {
  name               = "narrow"
  assume_role_policy = local.trust
}

resource "aws_iam_role_policy" "kept" {
  name   = "kept"
  role   = aws_iam_role.narrow.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }] })
}

resource "aws_iam_role_policies_exclusive" "narrow" {
  role_name    = aws_iam_role.narrow.name
  policy_names = [aws_iam_role_policy.kept.name]
}

resource "aws_iam_user" "alice" {
  name                 = "alice"
  path                 = "/people/"
  permissions_boundary = "arn:aws:iam::aws:policy/PowerUserAccess"
}

resource "aws_iam_user_policy" "alice" {
  user   = aws_iam_user.alice.name
  name   = "own"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })
}

resource "aws_iam_user_policy_attachment" "alice" {
  user       = aws_iam_user.alice.name
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}

resource "aws_iam_group" "dev" {
  name = "dev"
}

resource "aws_iam_group_policy_attachment" "dev" {
  group      = aws_iam_group.dev.name
  policy_arn = "arn:aws:iam::aws:policy/AWSLambda_FullAccess"
}

resource "aws_iam_group_membership" "dev" {
  name  = "dev"
  group = aws_iam_group.dev.name
  users = [aws_iam_user.alice.name]
}

resource "aws_iam_policy" "shared" {
  name   = "shared"
  path   = "/teams/"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sqs:SendMessage", Resource = "*" }] })
}

resource "aws_iam_policy_attachment" "shared" {
  name       = "shared"
  policy_arn = aws_iam_policy.shared.arn
  roles      = [aws_iam_role.narrow.name]
  users      = [aws_iam_user.alice.name]
  groups     = [aws_iam_group.dev.name]
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = aws_iam_role.job.arn
  publish       = true
  layers        = [aws_lambda_layer_version.common.arn]
}

resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.orders.arn
  function_version = "1"
}

resource "aws_lambda_permission" "live" {
  statement_id  = "Live"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.orders.function_name
  qualifier     = aws_lambda_alias.live.name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.nightly.arn
}

resource "aws_lambda_permission" "bucket" {
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.orders.arn
  principal      = "s3.amazonaws.com"
  source_arn     = aws_s3_bucket.data.arn
  source_account = data.aws_caller_identity.current.account_id
}

resource "aws_cloudwatch_event_rule" "nightly" {
  name                = "nightly"
  schedule_expression = "rate(1 day)"
}

resource "aws_lambda_function_url" "live" {
  function_name      = aws_lambda_function.orders.function_name
  qualifier          = aws_lambda_alias.live.name
  authorization_type = "AWS_IAM"
}

resource "aws_lambda_layer_version" "common" {
  layer_name = "common"
  filename   = "common.zip"
}

resource "aws_lambda_layer_version_permission" "common" {
  layer_name     = aws_lambda_layer_version.common.layer_arn
  version_number = 1
  principal      = "111122223333"
  action         = "lambda:GetLayerVersion"
  statement_id   = "Partner"
}

resource "aws_lambda_function" "returns" {
  function_name = "returns"
  role          = "arn:aws:iam::123456789012:role/teams/existing"
}

resource "aws_lambda_resource_policy" "returns" {
  resource_arn = aws_lambda_function.returns.arn
  policy       = jsonencode({ Version = "2012-10-17", Statement = [merge(local.allows, { Action = "lambda:InvokeFunction", Resource = "arn:aws:lambda:us-east-1:123456789012:function:returns" })] })
}

resource "aws_s3_bucket" "data" {
  bucket = "data-example"
}

resource "aws_s3_bucket_policy" "data" {
  bucket = aws_s3_bucket.data.id
  policy = data.aws_iam_policy_document.data.json
}

data "aws_iam_policy_document" "data" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.data.arn}/*"]
    principals {
      type        = "AWS"
      identifiers = [aws_iam_role.job.arn, "111122223333"]
    }
  }
  statement {
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.data.arn, "${aws_s3_bucket.data.arn}/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_sqs_queue" "jobs" {
  name = "jobs"
}

resource "aws_sqs_queue_policy" "jobs" {
  queue_url = aws_sqs_queue.jobs.id
  policy    = jsonencode({ Version = "2012-10-17", Statement = [merge(local.allows, { Action = "sqs:SendMessage" })] })
}

resource "aws_sns_topic" "placed" {
  name = "placed"
}

resource "aws_sns_topic_policy" "placed" {
  arn    = aws_sns_topic.placed.arn
  policy = jsonencode({ Version = "2012-10-17", Statement = [merge(local.allows, { Action = "sns:Publish" })] })
}

resource "aws_kms_key" "data" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [merge(local.allows, { Action = "kms:Decrypt" })] })
}

resource "aws_kms_key" "other" {
}

resource "aws_kms_key_policy" "other" {
  key_id = aws_kms_key.other.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [merge(local.allows, { Action = "kms:Encrypt" })] })
}

resource "aws_secretsmanager_secret" "token" {
  name = "token"
}

resource "aws_secretsmanager_secret_policy" "token" {
  secret_arn = aws_secretsmanager_secret.token.arn
  policy     = jsonencode({ Version = "2012-10-17", Statement = [merge(local.allows, { Action = "secretsmanager:GetSecretValue" })] })
}

resource "aws_dynamodb_table" "orders" {
  name     = "orders"
  hash_key = "id"
}

resource "aws_dynamodb_resource_policy" "orders" {
  resource_arn = aws_dynamodb_table.orders.arn
  policy       = jsonencode({ Version = "2012-10-17", Statement = [merge(local.allows, { Action = "dynamodb:GetItem" })] })
}

resource "aws_ecr_repository" "images" {
  name = "images"
}

resource "aws_ecr_repository_policy" "images" {
  repository = aws_ecr_repository.images.name
  policy     = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { AWS = "111122223333" }, Action = "ecr:BatchGetImage" }] })
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id       = "vpc-0a1b2c3d"
  service_name = "com.amazonaws.us-east-1.s3"
  policy       = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:*", Resource = "*" }] })
}

resource "aws_organizations_policy" "regions" {
  name    = "regions"
  content = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Deny", Action = "lambda:DeleteFunction", Resource = "*" }] })
}

resource "aws_organizations_policy_attachment" "regions" {
  policy_id = aws_organizations_policy.regions.id
  target_id = "ou-ab12-cd34ef56"
}
